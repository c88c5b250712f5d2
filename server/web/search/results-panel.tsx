import { useMemo, useRef, useState } from 'preact/hooks';
import { currentCollection } from '../state/collections.js';
import { EmptyState } from '../widgets/empty-state.js';
import { ProblemNote } from '../widgets/problem-note.js';
import { words } from '../words/words.js';
import { DetailsDialog } from './details-dialog.js';
import { CategoryChips } from './category-chips.js';
import { OrderChoice } from './order-choice.js';
import { inOrder } from './order.js';
import { PictureWall } from './picture-wall.js';
import type { Shown } from './result-pages.js';
import { refreshResults, results, showMore } from './results.js';
import { currentSpec } from './search-actions.js';
import { TimingsBar } from './timings-bar.js';

/** What was found. */
export function ResultsPanel({ collection }: { collection: string }) {
  const { images: loaded, answer, busy, ended, problem } = results.value;
  const { order } = currentSpec();
  const shown = useWhileBusy(loaded, busy);
  const images = useMemo(() => inOrder(shown, order), [shown, order]);
  const [detail, setDetail] = useState<number>();
  // in another order, what comes would push apart what is there: it comes when it is asked for
  const more = (): void => void (order === undefined && showMore());
  return (
    <section class="results-panel" id="results" tabIndex={-1} aria-busy={busy}>
      <div class="panel-head">
        <h1>{heading()}</h1>
        <div class="results-tools">
          {answer !== undefined && <TimingsBar answer={answer} />}
          {images.length > 1 && <OrderChoice images={images} />}
        </div>
      </div>
      {answer?.category !== undefined && <CategoryChips category={answer.category} />}
      {problem !== undefined && <ProblemNote problem={problem} onRetry={refreshResults} />}
      {ended && problem === undefined && images.length === 0 && <NothingFound />}
      <PictureWall collection={collection} images={images} onDetails={setDetail} onEndNear={more} />
      <WallFoot ordered={order !== undefined} />
      {detail !== undefined && (
        <DetailsDialog collection={collection} images={images} index={detail} onMove={setDetail} />
      )}
    </section>
  );
}

/** @returns what is loaded; while nothing is yet, what was before it: to clear the wall would hold up what is asked for. */
function useWhileBusy(loaded: readonly Shown[], busy: boolean): readonly Shown[] {
  const shown = useRef(loaded);
  if (loaded.length > 0 || !busy) shown.current = loaded;
  return shown.current;
}

/** Whether there is more, and of what an order is one. */
function WallFoot({ ordered }: { ordered: boolean }) {
  const { results: text, order } = words.value;
  const { images, busy, ended } = results.value;
  const isPart = ordered && !ended && images.length > 0;
  return (
    <div class="wall-foot">
      <p role="status">
        {busy ? text.loading : isPart ? order.part(images.length) : ended && images.length > 0 ? text.end : ''}
      </p>
      {isPart && !busy && (
        <button type="button" class="button" onClick={() => void showMore()}>
          {text.more}
        </button>
      )}
    </div>
  );
}

function heading(): string {
  const { results: text } = words.value;
  const { items, filter } = currentSpec();
  if (items.length > 0) return text.found;
  return filter === undefined ? text.browse(currentCollection.value?.images ?? 0) : text.matching;
}

function NothingFound() {
  const { results: text } = words.value;
  return currentCollection.value?.images === 0 ? (
    <EmptyState icon="image" title={text.emptyCollection} hint={text.emptyHint} />
  ) : (
    <EmptyState icon="search" title={text.none} hint={text.noneHint} />
  );
}
