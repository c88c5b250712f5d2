import { useEffect } from 'preact/hooks';
import { CollectionsView } from '../collections/collections-view.js';
import { CompareView } from '../compare/compare-view.js';
import { MapView } from '../map/map-view.js';
import { DuplicatesView } from '../duplicates/duplicates-view.js';
import { refreshResults } from '../search/results.js';
import { SearchView } from '../search/search-view.js';
import { collectionsProblem, loadCollections } from '../state/collections.js';
import { loadSession, session, sessionProblem } from '../state/session.js';
import { shownRoute } from '../state/route.js';
import { ProblemNote } from '../widgets/problem-note.js';
import { words } from '../words/words.js';
import { Header } from './header.js';
import { SignIn } from './sign-in.js';

/** The whole page: a header, and the view that the address names. */
export function Shell() {
  useEffect(() => void begin(), []);
  const { title } = words.value.shell;
  const { collection } = shownRoute.value;
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

/** What was refused before is asked for again. */
async function afterSignIn(): Promise<void> {
  refreshResults();
  await loadCollections();
}

async function begin(): Promise<void> {
  await loadSession();
  if (session.value?.access !== 'none') await loadCollections();
}

function content() {
  if (session.value?.access === 'none') return <SignIn onDone={() => void afterSignIn()} />;
  if (sessionProblem.value !== undefined)
    return <ProblemNote problem={sessionProblem.value} onRetry={() => void begin()} />;
  if (session.value === undefined) return <p class="loading">{words.value.collections.loading}</p>;
  if (collectionsProblem.value !== undefined)
    return <ProblemNote problem={collectionsProblem.value} onRetry={() => void loadCollections()} />;
  const { view, collection } = shownRoute.value;
  if (view === 'collections' || collection === undefined) return <CollectionsView />;
  switch (view) {
    case 'compare':
      return <CompareView collection={collection} />;
    case 'duplicates':
      return <DuplicatesView collection={collection} />;
    case 'map':
      return <MapView collection={collection} />;
    default:
      return <SearchView collection={collection} />;
  }
}

/** The fragment is the place where one is, so the link must not change it. */
function skipToResults(event: Event): void {
  event.preventDefault();
  document.getElementById('results')?.focus();
}
