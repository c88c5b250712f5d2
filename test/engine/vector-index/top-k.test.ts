import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TopK } from '../../../engine/vector-index/top-k.js';

describe('TopK', () => {
  it('keeps nothing with k = 0', () => {
    const best = new TopK(0);
    best.offer(1, 1);
    expect(best.take().nodes).toHaveLength(0);
  });

  it('puts cosines back that rounding carried out of [-1,1]', () => {
    const best = new TopK(2);
    best.offer(1.0000002, 5);
    best.offer(-1.0000002, 6);
    expect(best.take()).toEqual({ nodes: Uint32Array.of(5, 6), similarities: Float32Array.of(1, -1) });
  });

  it('keeps what a sort by falling similarity, then rising node, puts first', () => {
    const candidates = fc.uniqueArray(
      fc.record({ node: fc.nat(50), similarity: fc.constantFrom(-0.5, 0, 0.25, 0.5, 0.75) }),
      { selector: ({ node }) => node, maxLength: 40 },
    );
    fc.assert(
      fc.property(candidates, fc.integer({ min: 0, max: 45 }), (offered, k) => {
        const best = new TopK(k);
        for (const { similarity, node } of offered) best.offer(similarity, node);
        const sorted = offered.toSorted((a, b) => b.similarity - a.similarity || a.node - b.node).slice(0, k);
        const { nodes, similarities } = best.take();
        expect([...nodes]).toEqual(sorted.map(({ node }) => node));
        expect([...similarities]).toEqual(sorted.map(({ similarity }) => similarity));
        expect(best.size).toBe(0);
      }),
    );
  });
});
