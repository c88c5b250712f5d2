import { render } from 'preact';
import { followSearch } from './search/follow-search.js';
import { drawByPhase } from './state/phase.js';
import { Shell } from './shell/shell.js';
import { followAddress } from './state/route.js';
import { followSettings } from './state/settings.js';

followSettings();
followAddress();
followSearch();
drawByPhase();
render(<Shell />, document.getElementById('page')!);
