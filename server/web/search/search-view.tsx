import { useEffect } from 'preact/hooks';
import { words } from '../words/words.js';
import { replaceRoute, route } from '../state/route.js';
import { predictsCategory } from '../state/categories.js';
import { loadFields } from '../state/fields.js';
import { useDroppedFiles } from './dropped-files.js';
import { heldPicture } from './held-pictures.js';
import { QueryPanel } from './query-panel.js';
import { ResultsPanel } from './results-panel.js';
import { results } from './results.js';
import { currentSpec, takeFiles } from './search-actions.js';

/** What is searched by on one side, what was found on the other. */
export function SearchView({ collection }: { collection: string }) {
  useEffect(() => nameQuery(results.value.answer?.queryId), [results.value.answer]);
  useEffect(() => void Promise.all([loadFields(collection), predictsCategory(collection)]), [collection]);
  const dropping = useDroppedFiles((files) => takeFiles(files, false));
  return (
    <div class="search-view">
      <QueryPanel collection={collection} />
      <ResultsPanel key={collection} collection={collection} />
      {dropping && <p class="drop-cover">{words.value.query.dropNow}</p>}
    </div>
  );
}

/** Pictures stay in this page; for others the address names the search itself, which the server knows for a day. */
function nameQuery(queryId: string | undefined): void {
  const held = currentSpec().items.some(({ source }) => source.kind === 'picture' && heldPicture(source.value));
  if (queryId === undefined || !held) return;
  const params = new URLSearchParams(route.value.params);
  if (params.get('q') === queryId) return;
  params.set('q', queryId);
  replaceRoute({ ...route.value, params });
}
