import { useEffect, useRef } from 'preact/hooks';
import type { Json, Region } from '../../../engine/types.js';
import { originalUrl, thumbnailUrl } from '../state/api.js';
import { formatRoute } from '../state/route.js';
import { language } from '../state/settings.js';
import { FactList } from '../widgets/fact-list.js';
import { Icon } from '../widgets/icon.js';
import { IconButton } from '../widgets/icon-button.js';
import { words } from '../words/words.js';
import { FoundBox } from './found-box.js';
import type { Shown } from './result-pages.js';
import { addQuery, currentSpec, searchBy } from './search-actions.js';
import type { QuerySource } from './search-spec.js';

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
        {image.box !== undefined && image.image !== undefined && (
          <FoundBox box={image.box} image={image.image} fit="contain" />
        )}
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
          <a class="button" href={compareLink(collection, image.id)} onClick={close}>
            <Icon name="compare" /> {text.compare}
          </a>
          <a class="button" href={originalUrl(collection, image.id)} target="_blank" rel="noopener">
            <Icon name="external" /> {text.original}
          </a>
        </div>
        <Facts image={image} />
      </div>
    </dialog>
  );
}

function Facts({ image: { score, verdict, probability, box, image, metadata = {} } }: { image: Shown }) {
  const { details: text, verdicts } = words.value;
  const all: [string, string | undefined][] = [
    [text.score, score?.toFixed(4)],
    [text.verdict, verdict && verdicts[verdict]],
    [text.probability, probability === undefined ? undefined : `${(probability * 100).toFixed(1)} %`],
    [text.part, box && placeOf(box)],
    [text.size, image && `${image.width} × ${image.height}`],
    [text.format, image && `${image.format.toUpperCase()}, ${Math.ceil(image.bytes / 1024)} KiB`],
    [text.added, image && new Date(image.createdAt).toLocaleString(language.value)],
  ];
  const own = all.filter((fact): fact is [string, string] => fact[1] !== undefined);
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

/** With what is searched by, or with what is still to be chosen. */
function compareLink(collection: string, id: string): string {
  const own = currentSpec().items.flatMap(({ source }) => comparable(source) ?? [])[0];
  const params = new URLSearchParams(own === undefined ? { a: id } : { a: own, b: id });
  return formatRoute({ view: 'compare', collection, params });
}

/** A picture as the address of a comparison names it. */
function comparable({ kind, value }: QuerySource): string | undefined {
  if (kind === 'picture') return `picture:${value}`;
  return kind === 'id' ? value : undefined;
}

/** In whole pixels: width × height, and where its corner is. */
function placeOf(box: Region): string {
  const [x, y, width, height] = [box.x, box.y, box.width, box.height].map(Math.round);
  return `${width} × ${height} (${x}, ${y})`;
}

function show(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
