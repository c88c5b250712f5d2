import { describe, expect, it } from 'vitest';
import { Progress, progressLine } from '../../../scripts/indexing/progress.js';

const counts = { added: 0, replaced: 0, unchanged: 0, rejected: 0, deleted: 0 };

describe('progressLine', () => {
  it('tells how much, how fast, how long', () => {
    expect(progressLine({ ...counts, added: 900, unchanged: 297, rejected: 3 }, 2000, 12)).toBe(
      '1200/2000 60% 100 img/s, 8 s left, 3 rejected',
    );
    expect(progressLine({ ...counts, deleted: 1, replaced: 2 }, 3, 1)).toBe('3/3 100% 3 img/s');
  });

  it('is a line of numbers even with nothing to do and no time passed', () => {
    expect(progressLine(counts, 0, 0)).toBe('0/0 0% 0 img/s');
    expect(progressLine(counts, 10, 0)).not.toMatch(/NaN|Infinity/);
  });
});

describe('Progress', () => {
  function watch(isTTY: boolean): { progress: Progress; written: string[] } {
    const written: string[] = [];
    return { progress: new Progress({ isTTY, write: (text) => written.push(text) }), written };
  }

  it('redraws one line on a terminal, and leaves it at the end', () => {
    const { progress, written } = watch(true);
    progress.show({ ...counts, added: 1 }, 2);
    progress.show({ ...counts, added: 1 }, 2);
    progress.show({ ...counts, added: 2 }, 2);
    progress.end();
    expect(written).toHaveLength(3);
    expect(written[0]).toContain(`\r\u001b[2K[${'#'.repeat(12)}${'.'.repeat(12)}] 1/2 50%`);
    expect(written[1]).toMatch(/\[#{24}\] 2\/2 100% \d+ img\/s$/);
    expect(written[2]).toBe('\n');
  });

  it('writes plain lines elsewhere, seldom but always the last', () => {
    const { progress, written } = watch(false);
    for (let done = 1; done <= 50; done++) progress.show({ ...counts, added: done }, 50);
    progress.end();
    expect(written).toHaveLength(2);
    expect(written[1]).toMatch(/^50\/50 100% \d+ img\/s\n$/);
  });

  it('leaves nothing where nothing was shown', () => {
    const { progress, written } = watch(true);
    progress.end();
    expect(written).toEqual([]);
  });
});
