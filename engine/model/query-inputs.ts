import { LikenessError } from '../errors.js';
import { isNetwork, type FixedInputs, type Manifest } from './manifest.js';

/** What values an input takes that a pass added: undefined if they are right, else what was expected. */
type Fault = (values: readonly number[]) => string | undefined;

/**
 * Checks values that one query brings in place of those that the manifest fixes: another runWeight, or the condition
 * (domain) of the query's picture for a conditional batch norm. Inputs that no pass of ours added are not for queries.
 * @throws `invalid_request` for another name, another number of values, or values out of range.
 */
export function checkQueryInputs(manifest: Manifest, inputs: FixedInputs): void {
  const faults = queryInputs(manifest);
  for (const [name, values] of Object.entries(inputs)) {
    const fault = faults.get(name);
    if (fault === undefined) {
      const known = [...faults.keys()].join(', ') || 'none';
      throw invalid(`inputs: expected names that model ${manifest.name} takes (${known}), got ${name}`);
    }
    const expected = fault(values);
    if (expected !== undefined) throw invalid(`inputs.${name}: expected ${expected}, got ${values.join(', ')}`);
  }
}

function queryInputs(manifest: Manifest): Map<string, Fault> {
  if (!isNetwork(manifest)) return new Map();
  const { inputs = {}, normalization } = manifest;
  const passes = (normalization.provenance ?? []).flatMap((derivation) => derivation.passes);
  const named = passes.flatMap((it) => it.inputs.map((name) => [name, faultOf(it)] as const));
  return new Map(
    named.flatMap(([name, fault]) => {
      const count = inputs[name]?.length;
      return fault === undefined || count === undefined ? [] : [[name, withCount(count, fault)] as const];
    }),
  );
}

function faultOf({ pass, options }: { pass: string; options: Record<string, unknown> }): Fault | undefined {
  if (pass === 'mix') return all((value) => value >= 0 && value <= 1, 'numbers from 0 to 1');
  const { conditions } = options;
  if (pass !== 'conditional-bn' || typeof conditions !== 'number') return undefined;
  const known = (value: number) => Number.isInteger(value) && value >= 0 && value < conditions;
  return all(known, `whole numbers from 0 to ${conditions - 1}`);
}

function all(right: (value: number) => boolean, expected: string): Fault {
  return (values) => (values.every(right) ? undefined : expected);
}

function withCount(count: number, fault: Fault): Fault {
  return (values) => (values.length === count ? fault(values) : `${count} number${count === 1 ? '' : 's'}`);
}

function invalid(message: string): LikenessError {
  return new LikenessError('invalid_request', message);
}
