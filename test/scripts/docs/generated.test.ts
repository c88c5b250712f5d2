import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { fillGenerated, generatedNames } from '../../../scripts/docs/fill-generated.js';
import { generatedParts } from '../../../scripts/docs/generated-parts.js';
import { manualPages } from '../../../scripts/docs/manual-pages.js';

describe('the generated parts of the manual', () => {
  it('are what the code says now (npm run docs brings them up to date), and each stands somewhere', async () => {
    const parts = await generatedParts();
    const pages = await manualPages();
    const texts = await Promise.all(pages.map((page) => readFile(page, 'utf8')));
    const stale = pages.filter((_, i) => fillGenerated(texts[i]!, parts) !== texts[i]);
    expect(stale).toEqual([]);
    expect(texts.flatMap(generatedNames).sort()).toEqual(Object.keys(parts).sort());
  });

  it('take the place of what stood between the markers, and of nothing else', () => {
    const page = 'a\n<!-- generated: one -->\nold\n<!-- end -->\nb\n';
    const filled = 'a\n<!-- generated: one -->\n\nnew\n\n<!-- end -->\nb\n';
    expect(fillGenerated(page, { one: 'new\n' })).toBe(filled);
    expect(fillGenerated(filled, { one: 'new' })).toBe(filled);
    expect(() => fillGenerated(page, { two: '' })).toThrow('expected one of two');
  });
});
