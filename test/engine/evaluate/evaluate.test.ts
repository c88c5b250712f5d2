import { describe, expect, it } from 'vitest';
import { LikenessError } from '../../../engine/errors.js';
import { runEvaluation, runSweep } from '../../../engine/evaluate/evaluate.js';
import type { EvaluationProgress } from '../../../engine/evaluate/evaluation-plan.js';
import type { EvaluationItem } from '../../../engine/evaluate/protocol.js';
import { leaveOneOut } from '../../../engine/evaluate/protocols/leave-one-out.js';
import { queryAgainstGallery } from '../../../engine/evaluate/protocols/query-gallery.js';
import { evaluationReportSchema } from '../../../engine/evaluate/report/report-schema.js';
import { rankExactly, type RankGallery } from '../../../engine/evaluate/ranking.js';
import type { Transform } from '../../../engine/evaluate/transforms/transform.js';
import { items } from './protocols/items.js';

/** Pictures on a circle, by angle in degrees. */
const ANGLES: Record<string, number> = { 'a/1': 0, 'a/2': 10, 'a/3': 50, 'b/1': 30, 'b/2': 41, 'c/1': 200 };
const unit = (degrees: number) =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));
const onCircle = ({ id }: EvaluationItem, transform?: Transform) =>
  Promise.resolve(unit(ANGLES[id]! + (transform ? 35 : 0)));
const turn35: Transform = { name: 'turn-35', apply: (pixels) => pixels };
const protocol = leaveOneOut(items(...Object.keys(ANGLES)));
const bootstrap = { resamples: 50 };

describe('runEvaluation', () => {
  it('measures leave-one-out as worked by hand', async () => {
    const report = await runEvaluation({ protocol, describe: onCircle, metrics: ['ap', 'recall-hit@1'], bootstrap });
    expect(report.protocol).toEqual({ name: 'leave-one-out', queries: 5, withoutPositives: 1, gallery: 6 });
    // order after each query, right ones in capitals (b/c in small letters are others):
    // a/1 at 0:  A10 b30 b41 A50 c -> (1 + 2/4) / 2 = .75        a/2 at 10: A0 b30 b41 A50 c -> .75
    // a/3 at 50: b41 b30 A10 A0 c -> (1/3 + 2/4) / 2 = 5/12      b/1 at 30: B41 .. -> 1
    // b/2 at 41: a50 B30 .. -> 1/2
    const [run] = report.systems[0]!.runs;
    expect(run!.values.ap).toEqual([0.75, 0.75, expect.closeTo(5 / 12, 12), 1, 0.5]);
    expect(run!.values['recall-hit@1']).toEqual([1, 1, 0, 1, 0]);
    expect(run!.byLabel[0]).toMatchObject({
      label: 'a',
      queries: 3,
      metrics: { 'recall-hit@1': expect.closeTo(2 / 3, 12) as number },
    });
    expect(run!.metrics.ap!.mean).toBeCloseTo(run!.values.ap!.reduce((sum, value) => sum + value, 0) / 5, 12);
    expect(evaluationReportSchema.parse(report)).toEqual(report);
  });

  it("tells a ranking which picture is the query's own, where that is junk", async () => {
    const seen: (string | undefined)[][] = [];
    const rank: RankGallery = (queries, gallery, own) => {
      seen.push(own.map((position) => (position === undefined ? undefined : gallery[position]!.id)));
      return rankExactly(queries, gallery);
    };
    await runEvaluation({ protocol, describe: onCircle, transforms: [turn35], rank, bootstrap });
    const own = ['a/1', 'a/2', 'a/3', 'b/1', 'b/2'];
    expect(seen).toEqual([own, own]);
    const counted = queryAgainstGallery(items('a/1'), items('a/1', 'a/2'));
    await runEvaluation({ protocol: counted, describe: onCircle, rank, bootstrap });
    expect(seen[2]).toEqual([undefined]);
  });

  it('describes queries in their own way, where they have one', async () => {
    const pictures = queryAgainstGallery(items('a/1'), items('a/2', 'b/2'));
    // a/1 at 0: A10 b41 -> 1; asked at 35, b41 comes before A10 -> 1/2
    const own = await runEvaluation({ protocol: pictures, describe: onCircle, bootstrap });
    const describeQuery = (item: EvaluationItem) => onCircle(item, turn35);
    const other = await runEvaluation({ protocol: pictures, describe: onCircle, describeQuery, bootstrap });
    expect([own, other].map(({ systems }) => systems[0]!.runs[0]!.values.ap)).toEqual([[1], [0.5]]);
  });

  it('transforms queries only, and reports the paired drop', async () => {
    const calls: string[] = [];
    const pictures = queryAgainstGallery(items('a/1'), items('a/2', 'b/2'));
    const report = await runEvaluation({
      protocol: pictures,
      describe: (item, transform) => {
        calls.push(`${item.id} ${transform?.name ?? 'none'}`);
        return onCircle(item, transform);
      },
      transforms: [turn35],
      metrics: ['ap'],
      bootstrap,
    });
    expect(calls.sort()).toEqual(['a/1 none', 'a/1 turn-35', 'a/2 none', 'b/2 none']);
    // a/1 at 0 finds a/2 (10) first; at 35 it finds b/2 (41) first: 1 falls to 1/2
    const [clean, turned] = report.systems[0]!.runs;
    expect([clean!.transform, clean!.metrics.ap!.mean, clean!.drop]).toEqual(['none', 1, undefined]);
    expect([turned!.transform, turned!.metrics.ap!.mean]).toEqual(['turn-35', 0.5]);
    expect(turned!.drop!.ap).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
  });

  it('describes a picture once that is both query and gallery', async () => {
    let calls = 0;
    await runEvaluation({ protocol, describe: (item) => (calls++, onCircle(item)), bootstrap });
    expect(calls).toBe(6);
  });

  it('shows best and worst queries with their first hits, junk left out', async () => {
    const examples = { queries: 2, hits: 3 };
    const report = await runEvaluation({ protocol, describe: onCircle, metrics: ['ap'], bootstrap, examples });
    const { best, worst } = report.systems[0]!;
    expect(worst[0]).toMatchObject({
      query: 'a/3',
      label: 'a',
      positives: 2,
      value: expect.closeTo(5 / 12, 12) as number,
    });
    expect(worst[0]!.hits.map(({ id, relevant }) => `${id} ${relevant}`)).toEqual([
      'b/2 false',
      'b/1 false',
      'a/2 true',
    ]);
    expect(worst[0]!.hits[0]!.score).toBeCloseTo(Math.cos(Math.PI / 20), 6);
    expect([best[0]!.query, best[1]!.query]).toEqual(['b/1', 'a/1']);
  });

  it('tells how far it is', async () => {
    const seen: EvaluationProgress[] = [];
    const transforms = [turn35];
    await runEvaluation({
      name: 's',
      protocol,
      describe: onCircle,
      transforms,
      bootstrap,
      onProgress: (p) => seen.push(p),
    });
    const last = (transform: string, stage: string) =>
      seen.findLast((p) => p.transform === transform && p.stage === stage);
    expect(last('none', 'describe')).toEqual({ system: 's', transform: 'none', stage: 'describe', done: 6, total: 6 });
    expect(last('turn-35', 'describe')).toMatchObject({ done: 5, total: 5 });
    expect(last('turn-35', 'rank')).toMatchObject({ done: 5, total: 5 });
  });

  it('names the picture that could not be described', async () => {
    const failing = runEvaluation({
      protocol,
      describe: (item) =>
        item.id === 'b/1' ? Promise.reject(new LikenessError('image_too_plain', 'plain')) : onCircle(item),
    });
    await expect(failing).rejects.toMatchObject({
      code: 'image_too_plain',
      message: 'b/1: plain',
      details: { id: 'b/1' },
    });
  });

  it('stops when aborted', async () => {
    const controller = new AbortController();
    let calls = 0;
    const stopped = runEvaluation({
      protocol,
      concurrency: 1,
      signal: controller.signal,
      describe: (item) => {
        if (++calls === 2) controller.abort(new Error('enough'));
        return onCircle(item);
      },
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(calls).toBe(2);
  });

  it.each([
    [{ metrics: ['map'] }, 'expected a metric of'],
    [{ metrics: [] }, 'expected at least one metric'],
    [{ transforms: [turn35, turn35] }, 'expected each run once, got turn-35 twice'],
    [{ transforms: [{ ...turn35, name: 'none' }] }, 'expected each run once, got none twice'],
    [
      { protocol: leaveOneOut(items('a/1', 'b/1')) },
      'expected queries with right answers in the gallery, got none among 2',
    ],
  ])('refuses %o', async (wrong, message) => {
    await expect(runEvaluation({ protocol, describe: onCircle, ...wrong })).rejects.toThrow(message);
  });
});

describe('runSweep', () => {
  const perfect = {
    name: 'perfect',
    describe: ({ label }: EvaluationItem) => Promise.resolve(unit({ a: 0, b: 120, c: 240 }[label]!)),
  };

  it('sets each system against the first, drop against drop', async () => {
    const systems = [{ name: 'circle', describe: onCircle }, perfect];
    const report = await runSweep({ protocol, systems, transforms: [turn35], metrics: ['ap'], bootstrap });
    const [circle, other] = report.systems;
    expect(other!.runs.map(({ metrics }) => metrics.ap!.mean)).toEqual([1, 1]);
    expect(report.comparisons.map(({ system, baseline, transform }) => `${system} ${baseline} ${transform}`)).toEqual([
      'perfect circle none',
      'perfect circle turn-35',
    ]);
    const [clean, turned] = report.comparisons;
    expect(clean!.difference.mean).toBeCloseTo(1 - circle!.runs[0]!.metrics.ap!.mean, 12);
    expect(clean!.dropDifference).toBeUndefined();
    expect(turned!.dropDifference!.mean).toBeCloseTo(0 - circle!.runs[1]!.drop!.ap!.mean, 12);
    expect(circle!.runs[1]!.drop!.ap!.mean).not.toBe(0);
  });

  it('shows another class before a second query of the same', async () => {
    // all five queries are perfect; in their order both would be of class a
    const report = await runSweep({ protocol, systems: [perfect], bootstrap, examples: { queries: 2, hits: 1 } });
    expect(report.systems[0]!.best.map(({ query }) => query)).toEqual(['a/1', 'b/1']);
    expect(report.systems[0]!.worst.map(({ query }) => query)).toEqual(['a/1', 'b/1']);
  });

  it('lets a system rank by its own chain', async () => {
    const rank = function* (queries: readonly unknown[], gallery: readonly { id: string }[]) {
      // worst first on purpose: positions backwards
      for (const query of queries.keys()) {
        const order = Uint32Array.from(gallery, (_, i) => gallery.length - 1 - i);
        yield { query, order, scores: new Float32Array(gallery.length) };
      }
    };
    const pictures = queryAgainstGallery(items('a/1'), items('a/2', 'b/2'));
    const report = await runSweep({ protocol: pictures, systems: [{ ...perfect, rank }], metrics: ['ap'], bootstrap });
    expect(report.systems[0]!.runs[0]!.metrics.ap!.mean).toBe(0.5);
    const silent = { ...perfect, rank: () => [] };
    await expect(runSweep({ protocol: pictures, systems: [silent] })).rejects.toThrow(
      'expected a ranking of query a/1',
    );
  });

  it('refuses two systems of one name', async () => {
    await expect(runSweep({ protocol, systems: [perfect, perfect] })).rejects.toThrow(
      'each system once, got perfect twice',
    );
    await expect(runSweep({ protocol, systems: [] })).rejects.toThrow('expected at least one system');
  });
});
