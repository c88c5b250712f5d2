import { useEffect, useState } from 'preact/hooks';
import type { CollectionAnswer } from '../../../server/schemas.js';
import { api } from '../state/api.js';
import { collections } from '../state/collections.js';
import { formatRoute, shownRoute } from '../state/route.js';
import { mayWrite } from '../state/session.js';
import { EmptyState } from '../widgets/empty-state.js';
import { words } from '../words/words.js';
import { CollectionPage } from './collection-page.js';
import { NewCollectionForm } from './new-collection-form.js';

/** All collections, or the one that the address asks to manage. */
export function CollectionsView() {
  const models = useModels();
  const known = collections.value;
  if (known === undefined) return <p class="loading">{words.value.collections.loading}</p>;
  const managed = known.find(({ name }) => name === shownRoute.value.params.get('of'));
  return managed === undefined ? (
    <CollectionList known={known} models={models} />
  ) : (
    <CollectionPage key={managed.name} collection={managed} models={models} />
  );
}

function CollectionList({ known, models }: { known: readonly CollectionAnswer[]; models: readonly string[] }) {
  const { collections: text } = words.value;
  return (
    <section class="page-column" id="results" tabIndex={-1}>
      <h1>{text.heading}</h1>
      {known.length === 0 && <EmptyState icon="layers" title={text.none} hint={text.noneHint} />}
      <ul class="cards">
        {known.map((collection) => (
          <CollectionCard key={collection.name} collection={collection} />
        ))}
      </ul>
      {mayWrite.value && <NewCollectionForm models={models} />}
    </section>
  );
}

function CollectionCard({ collection }: { collection: CollectionAnswer }) {
  const { collections: text } = words.value;
  const { name, state, images = 0, model } = collection;
  const href = formatRoute({ view: 'search', collection: name, params: new URLSearchParams() });
  const manage = formatRoute({ view: 'collections', collection: undefined, params: new URLSearchParams({ of: name }) });
  return (
    <li class="card">
      <h2>{state === 'ready' ? <a href={href}>{name}</a> : name}</h2>
      <p>{state === 'ready' ? text.images(images) : `${text.quarantined}: ${collection.reason ?? ''}`}</p>
      {model !== undefined && <p class="faint">{model}</p>}
      <a class="button" href={manage}>
        {text.manage}
        <span class="unseen">{name}</span>
      </a>
    </li>
  );
}

/** Names of the installed models that can be used, the default one first. */
function useModels(): readonly string[] {
  const [models, setModels] = useState<readonly string[]>([]);
  useEffect(() => {
    const load = async (): Promise<void> => {
      const usable = (await api.models()).filter(({ problem }) => problem === undefined);
      setModels(usable.sort((a, b) => Number(b.default) - Number(a.default)).map(({ name }) => name));
    };
    // without the list, the default model is there all the same
    load().catch(() => undefined);
  }, []);
  return models;
}
