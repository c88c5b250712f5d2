import { describe, expect, it } from 'vitest';
import { inspectModel } from '../../../engine/model/inspect-model.js';
import { applyPasses, type PassStep } from '../../../engine/model/passes/apply-passes.js';
import { columnsOf } from '../../../scripts/report/model-picture/columns.js';
import { modelPicture } from '../../../scripts/report/model-picture/model-picture.js';
import { NORM_STYLE } from '../../../scripts/report/model-picture/norm-style.js';
import { miniResnet } from '../../engine/model/graph-support/mini-resnet.js';

const resnet = miniResnet({ blocks: [2, 1], kind: 'bottleneck' });
const reportAfter = (...steps: PassStep[]) => inspectModel(applyPasses(resnet, steps).model, 64);
const count = (text: string, part: string) => text.split(part).length - 1;

describe('columnsOf', () => {
  it('puts stages side by side, blocks below each other, and layers on their way', () => {
    const columns = columnsOf(reportAfter());
    const shape = columns.map(({ stage, blocks }) => [
      stage,
      ...blocks.map(({ number, body, shortcut, after }) => [number, body.length, shortcut.length, after.length]),
    ]);
    expect(shape).toEqual([
      ['stem', [0, 1, 0, 0]],
      [1, [1, 3, 1, 0], [2, 3, 0, 0]],
      [2, [3, 3, 1, 0]],
    ]);
  });

  it('keeps the halves of IBN-a on one layer, and IBN-b behind the sum', () => {
    const halves = columnsOf(reportAfter({ pass: 'bn-to-ibn-a', stages: [1] }))[1]!.blocks[0]!.body[0]!;
    expect(halves.norms.map(({ kind, channels }) => [kind, channels])).toEqual([
      ['instance', 1],
      ['batch', 1],
    ]);
    const last = columnsOf(reportAfter({ pass: 'add-ibn-b', stages: [1] }))[1]!.blocks.at(-1)!;
    expect([last.number, last.after.length]).toEqual([2, 1]);
  });
});

describe('modelPicture', () => {
  it('shows each site once in the colour of its kind, with a legend', () => {
    const report = reportAfter({ pass: 'bn-to-in', stages: ['stem'] }, { pass: 'bn-to-gn', stages: [2], groups: 2 });
    const svg = modelPicture('a<b>', report);
    for (const kind of ['batch', 'instance', 'group', 'layer'] as const) {
      const sites = report.sites.filter((site) => site.kind === kind).length;
      const legend = sites > 0 ? 1 : 0;
      expect(count(svg, `fill="${NORM_STYLE[kind].colour}"`)).toBe(sites + legend);
    }
    expect(svg).toContain('BN: batch, 7');
    expect(svg).toContain('a&#60;b&#62;');
    expect(count(svg, 'class="sum"')).toBe(3);
    expect(svg).not.toMatch(/href|url\(h|NaN|undefined/);
  });
});
