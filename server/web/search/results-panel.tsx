import { useState } from 'preact/hooks';
import { currentCollection } from '../state/collections.js';
import { EmptyState } from '../widgets/empty-state.js';
import { ProblemNote } from '../widgets/problem-note.js';
import { words } from '../words/words.js';
import { DetailsDialog } from './details-dialog.js';
import { CategoryChips } from './category-chips.js';
import { PictureWall } from './picture-wall.js';
import { refreshResults, results, showMore } from './results.js';
import { currentSpec } from './search-actions.js';
import { TimingsBar } from './timings-bar.js';

/** What was found. */
export function ResultsPanel({ collection }: { collection: string }) {
  const { images, answer, busy, ended, problem } = results.value;
  const [detail, setDetail] = useState<number>();
  const { results: text } = words.value;
  return (
    <section class="results-panel" id="results" tabIndex={-1} aria-busy={busy}>
      <div class="panel-head">
        <h1>{heading()}</h1>
        {answer !== undefined && <TimingsBar answer={answer} />}
      </div>
      {answer?.category !== undefined && <CategoryChips category={answer.category} />}
      {problem !== undefined && <ProblemNote problem={problem} onRetry={refreshResults} />}
      {ended && problem === undefined && images.length === 0 && <NothingFound />}
      <PictureWall collection={collection} images={images} onDetails={setDetail} onEndNear={() => void showMore()} />
      <p class="wall-foot" role="status">
        {busy ? text.loading : ended && images.length > 0 ? text.end : ''}
      </p>
      {detail !== undefined && (
        <DetailsDialog collection={collection} images={images} index={detail} onMove={setDetail} />
      )}
    </section>
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
