import { useEffect, useRef } from 'preact/hooks';
import type { Json } from '../../../engine/types.js';
import { originalUrl, thumbnailUrl } from '../state/api.js';
import { language } from '../state/settings.js';
import { Icon } from '../widgets/icon.js';
import { IconButton } from '../widgets/icon-button.js';
import { words } from '../words/words.js';
import type { Shown } from './result-pages.js';
import { addQuery, searchBy } from './search-actions.js';

interface DetailsDialogProps {
  collection: string;
  images: readonly Shown[];
  index: number;
  /** To another picture, or away. */
  onMove: (index: number | undefined) => void;
}

/** One picture large, with all that is known of it. */
export function DetailsDialog({ collection, images, index, onMove }: DetailsDialogProps) {
  const { details: text, query } = words.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const image = images[index];
  if (image === undefined) return null;
  const close = (): void => dialog.current?.close();
  const act = (action: () => void): void => {
    close();
    action();
  };
  const source = { kind: 'id', value: image.id } as const;
  const step = (by: number): void => {
    if (images[index + by] !== undefined) onMove(index + by);
  };
  return (
    <dialog
      ref={dialog}
      class="details"
      aria-label={image.id}
      onClose={() => onMove(undefined)}
      onClick={(event) => event.target === dialog.current && close()}
      onKeyDown={({ key }) => step(key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0)}
    >
      <div class="details-picture">
        <img src={thumbnailUrl(collection, image.id, 1024, image.image?.contentHash)} alt={image.id} />
        <IconButton
          class="previous"
          icon="left"
          label={text.previous}
          disabled={index === 0}
          onClick={() => step(-1)}
        />
        <IconButton
          class="next"
          icon="right"
          label={text.next}
          disabled={index === images.length - 1}
          onClick={() => step(1)}
        />
      </div>
      <div class="details-side">
        <div class="panel-head">
          <h2>{image.id}</h2>
          <IconButton icon="close" label={text.close} onClick={close} />
        </div>
        <div class="details-actions">
          <button type="button" class="button primary" onClick={() => act(() => searchBy(source))}>
            <Icon name="search" /> {query.more}
          </button>
          <button type="button" class="button" onClick={() => act(() => addQuery(source, false))}>
            <Icon name="minus" /> {query.less}
          </button>
          <a class="button" href={originalUrl(collection, image.id)} target="_blank" rel="noopener">
            <Icon name="external" /> {text.original}
          </a>
        </div>
        <Facts image={image} />
      </div>
    </dialog>
  );
}

function Facts({ image: { score, image, metadata = {} } }: { image: Shown }) {
  const { details: text } = words.value;
  const own: [string, string][] = [
    ...(score === undefined ? [] : [[text.score, score.toFixed(4)] as [string, string]]),
    ...(image === undefined
      ? []
      : ([
          [text.size, `${image.width} × ${image.height}`],
          [text.format, `${image.format.toUpperCase()}, ${Math.ceil(image.bytes / 1024)} KiB`],
          [text.added, new Date(image.createdAt).toLocaleString(language.value)],
        ] as [string, string][])),
  ];
  const fields = Object.entries(metadata);
  return (
    <>
      <FactList facts={own} />
      <h3>{text.metadata}</h3>
      {fields.length === 0 ? (
        <p class="faint">{text.noMetadata}</p>
      ) : (
        <FactList facts={fields.map(([name, value]) => [name, show(value)])} />
      )}
    </>
  );
}

function FactList({ facts }: { facts: readonly [string, string][] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function show(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
