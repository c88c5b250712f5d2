import { collections } from '../state/collections.js';
import { formatRoute } from '../state/route.js';
import { EmptyState } from '../widgets/empty-state.js';
import { words } from '../words/words.js';
import type { CollectionAnswer } from '../../../server/schemas.js';

/** All collections with what is in them. */
export function CollectionsView() {
  const { collections: text } = words.value;
  const known = collections.value;
  if (known === undefined) return <p class="loading">{text.loading}</p>;
  return (
    <section class="page-column" id="results" tabIndex={-1}>
      <h1>{text.heading}</h1>
      {known.length === 0 && <EmptyState icon="layers" title={text.none} hint={text.noneHint} />}
      <ul class="cards">
        {known.map((collection) => (
          <CollectionCard key={collection.name} collection={collection} />
        ))}
      </ul>
    </section>
  );
}

function CollectionCard({ collection }: { collection: CollectionAnswer }) {
  const { collections: text } = words.value;
  const { name, state, images = 0, model } = collection;
  const href = formatRoute({ view: 'search', collection: name, params: new URLSearchParams() });
  return (
    <li class="card">
      <h2>{state === 'ready' ? <a href={href}>{name}</a> : name}</h2>
      <p>{state === 'ready' ? text.images(images) : `${text.quarantined}: ${collection.reason ?? ''}`}</p>
      {model !== undefined && <p class="faint">{model}</p>}
    </li>
  );
}
