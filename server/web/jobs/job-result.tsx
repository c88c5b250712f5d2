import type { Job } from '../../../engine/collection/jobs.js';
import type { TuneEstimate, TuneReport } from '../../../engine/collection/tune.js';
import type { VerifyFault } from '../../../engine/collection/verify.js';
import type { Interval } from '../../../engine/evaluate/bootstrap.js';
import { FactList } from '../widgets/fact-list.js';
import { words } from '../words/words.js';

/** What a job that is done gave. */
export function JobResult({ job: { kind, result } }: { job: Job }) {
  if (kind === 'verify') return <Faults faults={result as readonly VerifyFault[]} />;
  const { estimate, from, to } = (result ?? {}) as Partial<TuneReport>;
  if (estimate !== undefined) return <Estimate estimate={estimate} changed={from !== to} />;
  const facts = factsOf(result);
  if (facts.length === 0) return null;
  return (
    <details>
      <summary>{words.value.results.details}</summary>
      <FactList facts={facts} />
    </details>
  );
}

function Faults({ faults }: { faults: readonly VerifyFault[] }) {
  const { jobs: text } = words.value;
  if (faults.length === 0) return <p class="faint">{text.sound}</p>;
  return (
    <ul class="failures">
      {faults.map(({ part, problem, repaired }) => (
        <li key={`${part} ${problem}`}>
          <b>{part}</b> {problem} {repaired && text.repaired}
        </li>
      ))}
    </ul>
  );
}

/** Every candidate that was measured, and what followed from it. */
function Estimate({ estimate, changed }: { estimate: TuneEstimate; changed: boolean }) {
  const { jobs: text } = words.value;
  const { candidates, winner, queries, folds } = estimate;
  const verdict = winner === undefined ? text.noGain : changed ? text.gained(winner) : text.wouldGain(winner);
  return (
    <>
      <p>
        {verdict} <span class="faint">{text.measuredBy(queries, folds)}</span>
      </p>
      <div class="table-scroll" role="region" tabIndex={0} aria-label={text.kinds.tune}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.candidate}</th>
              <th scope="col">{text.dimension}</th>
              <th scope="col">mAP</th>
              <th scope="col">{text.gain}</th>
            </tr>
          </thead>
          <tbody>
            {candidates.map(({ name, dimension, map, gain }) => (
              <tr key={name} class={name === winner ? 'winner' : ''}>
                <th scope="row">{name}</th>
                <td>{dimension}</td>
                <td>{share(map.mean)}</td>
                <td>{name === 'none' ? '' : gainOf(gain)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** With the interval that holds it with 95 % confidence. */
function gainOf({ mean, low, high }: Interval): string {
  return `${signed(mean)} (${signed(low)} … ${signed(high)})`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${share(Math.abs(value))}`;
}

function share(value: number): string {
  return value.toFixed(3);
}

/** The plain members of a report; what lies deeper is for programs. */
function factsOf(result: unknown): [string, string][] {
  if (result === null || typeof result !== 'object') return [];
  return Object.entries(result).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    if (typeof value === 'number') return [[name, Number.isInteger(value) ? String(value) : value.toFixed(4)]];
    return typeof value === 'string' ? [[name, value]] : [];
  });
}
