import type { SiteReport } from '../../../engine/model/inspect-model.js';

/** How a kind of norm is drawn; the colours differ in lightness too, for eyes that see few hues. */
export const NORM_STYLE: Record<SiteReport['kind'], { short: string; name: string; colour: string }> = {
  batch: { short: 'BN', name: 'batch', colour: '#2f6db5' },
  instance: { short: 'IN', name: 'instance', colour: '#d9662b' },
  group: { short: 'GN', name: 'group', colour: '#1f8a6d' },
  layer: { short: 'LN', name: 'layer', colour: '#8a4fa3' },
  folded: { short: 'conv', name: 'none (folded, or never there)', colour: '#8b95a3' },
};
