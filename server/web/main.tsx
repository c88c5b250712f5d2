import { render } from 'preact';
import { Shell } from './shell/shell.js';
import { followAddress } from './state/route.js';
import { followSettings } from './state/settings.js';

followSettings();
followAddress();
render(<Shell />, document.getElementById('page')!);
