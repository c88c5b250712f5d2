import { useEffect } from 'preact/hooks';
import { CollectionsView } from '../collections/collections-view.js';
import { SearchView } from '../search/search-view.js';
import { collectionsProblem, loadCollections } from '../state/collections.js';
import { route } from '../state/route.js';
import { ProblemNote } from '../widgets/problem-note.js';
import { words } from '../words/words.js';
import { Header } from './header.js';

/** The whole page: a header, and the view that the address names. */
export function Shell() {
  useEffect(() => void loadCollections(), []);
  const { title } = words.value.shell;
  const { collection } = route.value;
  useEffect(() => void (document.title = collection === undefined ? title : `${collection} · ${title}`), [collection]);
  return (
    <>
      <a class="skip" href="#results" onClick={skipToResults}>
        {words.value.shell.skip}
      </a>
      <Header />
      <main>{content()}</main>
    </>
  );
}

function content() {
  if (collectionsProblem.value !== undefined)
    return <ProblemNote problem={collectionsProblem.value} onRetry={() => void loadCollections()} />;
  const { view, collection } = route.value;
  if (view === 'collections' || collection === undefined) return <CollectionsView />;
  return <SearchView collection={collection} />;
}

/** The fragment is the place where one is, so the link must not change it. */
function skipToResults(event: Event): void {
  event.preventDefault();
  document.getElementById('results')?.focus();
}
