import { useRef, useState } from 'preact/hooks';
import { Icon } from '../widgets/icon.js';
import { words } from '../words/words.js';
import { QueryCard } from './query-card.js';
import { FilterPanel } from '../filter/filter-panel.js';
import { session } from '../state/session.js';
import { search, searchBy, shownSpec, takeFiles } from './search-actions.js';
import { SearchOptionsPanel } from './search-options.js';

/** What is searched by, and how. */
export function QueryPanel({ collection }: { collection: string }) {
  const { query: text } = words.value;
  const spec = shownSpec();
  const { items } = spec;
  return (
    <aside class={`query-panel ${items.length === 0 ? 'unasked' : ''}`} aria-label={text.heading}>
      <div class="panel-head">
        <h2>{text.heading}</h2>
        {items.length > 0 && (
          <button type="button" class="text-button" onClick={() => search({ ...spec, items: [] })}>
            {text.clear}
          </button>
        )}
      </div>
      {items.length > 0 && (
        <ul class="query-cards">
          {items.map((item, index) => (
            <QueryCard
              key={`${item.source.kind}:${item.source.value}`}
              {...{ collection, item, index, alone: items.length === 1 }}
            />
          ))}
        </ul>
      )}
      <PictureInput compact={items.length > 0} />
      <details class="refine" open={matchMedia('(min-width: 901px)').matches}>
        <summary>{text.refine}</summary>
        <SearchOptionsPanel />
        <FilterPanel />
      </details>
    </aside>
  );
}

/** Where pictures come in: files by choosing, dropping or pasting, and the camera of a phone. */
function PictureInput({ compact }: { compact: boolean }) {
  const { query: text } = words.value;
  return (
    <div class={`picture-input ${compact ? 'compact' : ''}`}>
      {!compact && (
        <p class="drop-hint">
          <Icon name="image" size={32} />
          <span>{text.drop}</span>
        </p>
      )}
      <div class="picture-buttons">
        <FileButton label={compact ? text.add : text.choose} add={compact} />
        {canPhotograph() && <FileButton label={text.camera} add={compact} camera />}
      </div>
      {session.value?.urlFetch === true && <AddressInput />}
    </div>
  );
}

/** A picture of elsewhere, which the server fetches. */
function AddressInput() {
  const { query: text } = words.value;
  const [address, setAddress] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    searchBy({ kind: 'url', value: address });
    setAddress('');
  };
  return (
    <form class="address-input" onSubmit={submit}>
      <input
        class="field"
        type="url"
        required
        aria-label={text.byAddress}
        placeholder={text.byAddress}
        value={address}
        onInput={({ currentTarget }) => setAddress(currentTarget.value)}
      />
      <button class="button">{text.fetch}</button>
    </form>
  );
}

function FileButton({ label, add, camera = false }: { label: string; add: boolean; camera?: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const [key, setKey] = useState(0);
  const take = (files: FileList | null): void => {
    takeFiles([...(files ?? [])], add);
    // a new input, so that the same file can be chosen again
    setKey(key + 1);
  };
  return (
    <>
      <button type="button" class={`button ${add ? '' : 'primary'}`} onClick={() => input.current?.click()}>
        <Icon name={camera ? 'camera' : add ? 'plus' : 'image'} />
        {label}
      </button>
      <input
        key={key}
        ref={input}
        hidden
        type="file"
        aria-label={label}
        accept="image/*"
        multiple={!camera}
        {...(camera ? { capture: 'environment' } : {})}
        onChange={({ currentTarget }) => take(currentTarget.files)}
      />
    </>
  );
}

function canPhotograph(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}
