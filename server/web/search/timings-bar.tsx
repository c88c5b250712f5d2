import type { SearchResponse } from '../../../server/schemas.js';
import { words } from '../words/words.js';

/** Stages shorter than this share of the whole are not told apart. */
const LEAST = 0.01;

/** How long an answer took, and what of it each stage. */
export function TimingsBar({ answer }: { answer: SearchResponse }) {
  const { results: text } = words.value;
  const { timings, took, plan } = answer;
  const stages = Object.entries(timings).filter(([, ms]) => ms >= took * LEAST);
  return (
    <details class="timings">
      <summary>
        <span class="timings-took">{text.took(took.toFixed(took < 10 ? 1 : 0))}</span>
        <span class="timings-track" aria-hidden="true">
          {stages.map(([stage, ms], i) => (
            <span key={stage} class={`timings-stage shade-${i % 5}`} style={{ flexGrow: ms }} />
          ))}
        </span>
      </summary>
      <dl aria-label={text.timings}>
        {Object.entries(timings).map(([stage, ms]) => (
          <div key={stage}>
            <dt>{stage}</dt>
            <dd>{text.took(ms.toFixed(1))}</dd>
          </div>
        ))}
      </dl>
      <p class="faint">{text.plan(plan)}</p>
    </details>
  );
}
