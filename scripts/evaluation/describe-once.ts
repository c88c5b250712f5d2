import type { EvaluatedSystem } from '../../engine/evaluate/evaluation-plan.js';
import type { EvaluationItem } from '../../engine/evaluate/protocol.js';

/** @returns the same, that describes each picture under each transform once, for all systems that share it. */
export function describeOnce(describe: EvaluatedSystem['describe']): EvaluatedSystem['describe'] {
  const known = new WeakMap<EvaluationItem, Map<string | undefined, Promise<Float32Array>>>();
  return (item, transform) => {
    const ofItem = known.get(item) ?? new Map<string | undefined, Promise<Float32Array>>();
    known.set(item, ofItem);
    const described = ofItem.get(transform?.name) ?? describe(item, transform);
    ofItem.set(transform?.name, described);
    return described;
  };
}
