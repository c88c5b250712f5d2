import type { LikenessError } from '../../../engine/errors.js';
import { words } from '../words/words.js';

/** What went wrong, in words and with the code that docs/errors.md explains. */
export function ProblemNote({ problem, onRetry }: { problem: LikenessError; onRetry?: () => void }) {
  const { problem: text } = words.value;
  return (
    <div class="problem" role="alert">
      <p class="problem-title">{text.title}</p>
      <p>{problem.message}</p>
      <p class="faint">{text.code(problem.code)}</p>
      {onRetry !== undefined && (
        <button type="button" class="button" onClick={onRetry}>
          {text.retry}
        </button>
      )}
    </div>
  );
}
