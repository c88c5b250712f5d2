import { signal } from '@preact/signals';
import { options } from 'preact';

/**
 * How far the search asked last has come. While other pictures are `asked` for nothing is drawn: drawing takes the processor from the
 * search where both run on one machine. Once it is `answered` the first row is drawn, and all else of the page when its first
 * picture is seen: `settled`.
 */
export const phase = signal<'asked' | 'answered' | 'settled'>('settled');

/** Shorter than what a person takes for waiting: a tenth of a second. */
const CALM_MS = 90;
/** A picture that takes longer is not waited for. */
const FIRST_PICTURE_MS = 250;

let timer: ReturnType<typeof setTimeout> | undefined;
/** What waits for an answer, and what for the end. */
const drawings: (() => void)[] = [];
const rest: (() => void)[] = [];

/** Other pictures are searched by. What changes the search of the same ones shows at once. */
export function asked(): void {
  enter('asked');
  timer = setTimeout(settle, CALM_MS);
}

export function answered(): void {
  enter('answered');
  timer = setTimeout(settle, FIRST_PICTURE_MS);
}

/** A picture of the answer has come: it is to be on the screen before all else is drawn. */
export function seen(): void {
  requestAnimationFrame(() => setTimeout(settle));
}

export function settle(): void {
  enter('settled');
}

/** Runs something that can wait until all is drawn: at once where nothing is asked. */
export function whenSettled(run: () => void): void {
  if (phase.peek() === 'settled') run();
  else rest.push(run);
}

/** What waits by {@link whenSettled} has been overtaken. */
export function forgetWaiting(): void {
  rest.length = 0;
}

function enter(next: typeof phase.value): void {
  clearTimeout(timer);
  phase.value = next;
  if (next !== 'asked') for (const draw of drawings.splice(0)) draw();
  if (next === 'settled') for (const run of rest.splice(0)) run();
}

/** Has Preact draw nothing while a search is asked. */
export function drawByPhase(): void {
  options.debounceRendering = (draw) => {
    // later, since what happens in this very moment may be that something is asked
    queueMicrotask(() => (phase.peek() === 'asked' ? drawings.push(draw) : draw()));
  };
}
