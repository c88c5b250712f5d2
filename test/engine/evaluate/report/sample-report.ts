import { runSweep } from '../../../../engine/evaluate/evaluate.js';
import type { EvaluationItem } from '../../../../engine/evaluate/protocol.js';
import { leaveOneOut } from '../../../../engine/evaluate/protocols/leave-one-out.js';
import type { EvaluationReport } from '../../../../engine/evaluate/report/report-schema.js';
import type { Transform } from '../../../../engine/evaluate/transforms/transform.js';
import { items } from '../protocols/items.js';

/** By label on one axis, a little apart by id; the transform blurs the labels for the first system only. */
function describeBy(loss: number) {
  return ({ id, label }: EvaluationItem, transform?: Transform): Promise<Float32Array> => {
    const angle = label.charCodeAt(0) * (transform ? 1 - loss : 1) + 0.1 * id.charCodeAt(id.length - 1);
    return Promise.resolve(Float32Array.of(Math.cos(angle), Math.sin(angle)));
  };
}

/** A small report with all parts: two systems, two transforms, `classes` classes of three. */
export async function sampleReport(classes = 3, systems = ['plain', 'robust <b>']): Promise<EvaluationReport> {
  const labels = Array.from({ length: classes }, (_, i) => String.fromCharCode(97 + i));
  const noop = (name: string): Transform => ({ name, apply: (pixels) => pixels });
  return runSweep({
    protocol: leaveOneOut(items(...labels.flatMap((label) => [1, 2, 3].map((n) => `${label}/${n}`)))),
    systems: systems.map((name, n) => ({ name, describe: describeBy(n === 0 ? 0.3 : 0) })),
    transforms: [noop('grey'), noop('flip')],
    metrics: ['ap', 'recall-hit@1'],
    bootstrap: { resamples: 40 },
    examples: { queries: 2, hits: 3 },
  });
}
