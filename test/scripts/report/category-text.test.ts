import { describe, expect, it } from 'vitest';
import { headSettingsSchema } from '../../../engine/category/head-settings.js';
import { categoryAsText, headAsText } from '../../../scripts/report/category-text.js';

describe('categories for the terminal', () => {
  it('say what was predicted, and what the search kept to', () => {
    const predicted = [
      { label: 'boot', probability: 0.48 },
      { label: 7, probability: 0.44 },
    ];
    expect(categoryAsText({ field: 'kind', by: 'fused', predicted })).toBe('kind by fused: boot 0.48, 7 0.44\n');
    const within = { labels: ['boot', 7], probability: 0.92 };
    expect(categoryAsText({ field: 'kind', by: 'vote', predicted, within })).toMatch(/kept to kind boot, 7\n$/);
    expect(categoryAsText({ field: 'kind', by: 'vote', predicted: [] })).toBe('kind by vote: nothing near has one\n');
  });

  it('say how well a head does', () => {
    const one = { accuracy: 0.5, calibrationErrorBefore: 0.1234, calibrationError: 0.05 };
    const report = {
      ...{ field: 'kind', images: 30, examples: 29, heldOut: 20, sequence: 31, trainedAt: 'today', rounds: 4 },
      labels: [{ label: 'a', images: 30 }],
      ...{ settings: headSettingsSchema.parse({}), voteWeight: 0.3 },
    };
    expect(headAsText(report)).toMatch(/too few held out/);
    const text = headAsText({ ...report, measured: { vote: one, head: one, fused: { ...one, accuracy: 0.75 } } });
    expect(text).toContain('field kind: 30 images with 1 labels, 29 distinct descriptors, 20 of them held out');
    expect(text).toMatch(/fused\s+0.750\s+0.123\s+0.050/);
  });
});
