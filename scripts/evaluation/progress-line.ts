import type { EvaluationProgress } from '../../engine/evaluate/evaluation-plan.js';
import { CLEAN } from '../../engine/evaluate/report/report-schema.js';
import { CounterLine } from '../counter-line.js';

/** One counter after another: a line for each system, run and stage. */
export class EvaluationProgressLine {
  #what = '';
  #line = new CounterLine('');

  show({ system, transform, stage, done, total }: EvaluationProgress): void {
    const verb = stage === 'describe' ? 'described' : 'ranked';
    const what = `${verb}, ${system}${transform === CLEAN ? '' : `, ${transform}`}`;
    if (what !== this.#what) this.#line = new CounterLine(what);
    this.#what = what;
    this.#line.show(done, total);
  }
}
