import { useState } from 'preact/hooks';
import type { Metadata } from '../../../engine/types.js';
import { thumbnailUrl } from '../state/api.js';
import { IconButton } from '../widgets/icon-button.js';
import { words } from '../words/words.js';
import { FoundBox } from './found-box.js';
import type { Placed, WallRow } from './justified-rows.js';
import type { Shown } from './result-pages.js';
import { addQuery, searchBy } from './search-actions.js';

interface WallPictureProps {
  collection: string;
  image: Shown;
  place: Placed;
  row: WallRow;
  count: number;
  /** The one that Tab comes to; arrow keys go from there. */
  active: boolean;
  onFocus: () => void;
  onDetails: (index: number) => void;
}

const FACTS = 3;
/** About as many as are seen at once: theirs are fetched before those that are drawn ahead. */
const FIRST = 12;
/** Nothing is pointed at before it is touched, so the way to the details is always shown. */
const TOUCHED = matchMedia('(hover: none)').matches;

/** One picture of the wall: a click searches by it. */
export function WallPicture({ collection, image, place, row, count, active, onFocus, onDetails }: WallPictureProps) {
  const { results: text, verdicts } = words.value;
  const { id, score } = image;
  const tabIndex = active ? 0 : -1;
  const [reached, setReached] = useState(false);
  return (
    <li
      class="wall-picture"
      data-index={place.index}
      style={{ left: `${place.left}px`, top: `${row.top}px`, width: `${place.width}px`, height: `${row.height}px` }}
      aria-setsize={count}
      aria-posinset={place.index + 1}
      onFocusCapture={onFocus}
      onPointerEnter={() => setReached(true)}
    >
      <button
        type="button"
        class="wall-main"
        tabIndex={tabIndex}
        aria-label={text.hitLabel(id, place.index + 1)}
        onClick={() => searchBy({ kind: 'id', value: id })}
      >
        <img
          src={thumbnailUrl(collection, id, thumbnailSize(place.width, row.height), image.image?.contentHash)}
          alt=""
          fetchpriority={place.index < FIRST ? 'high' : 'auto'}
          decoding="async"
        />
        {image.box !== undefined && image.image !== undefined && (
          <FoundBox box={image.box} image={image.image} fit="cover" />
        )}
      </button>
      {score !== undefined && (
        <span class={`score ${image.verdict ?? ''}`} title={text.score(score.toFixed(4))}>
          {score.toFixed(2)}
          {image.verdict !== undefined && image.verdict !== 'weak' && ` · ${verdicts[image.verdict]}`}
        </span>
      )}
      <div class="wall-info" aria-hidden="true">
        <b>{id}</b>
        {facts(image.metadata).map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </div>
      {(active || reached || TOUCHED) && <WallActions {...{ id, tabIndex }} onDetails={() => onDetails(place.index)} />}
    </li>
  );
}

/** What else can be done with a picture. */
function WallActions({ id, tabIndex, onDetails }: { id: string; tabIndex: number; onDetails: () => void }) {
  const { results: text } = words.value;
  const source = { kind: 'id', value: id } as const;
  return (
    <div class="wall-actions">
      <IconButton {...{ tabIndex }} icon="plus" label={text.addLike} onClick={() => addQuery(source)} />
      <IconButton {...{ tabIndex }} icon="minus" label={text.addNot} onClick={() => addQuery(source, false)} />
      <IconButton {...{ tabIndex }} icon="info" label={text.details} onClick={onDetails} />
    </div>
  );
}

/** The first plain fields. */
function facts(metadata: Metadata = {}): string[] {
  const texts = Object.entries(metadata).flatMap(([name, value]) =>
    value === null || typeof value === 'object' ? [] : [`${name}: ${String(value)}`],
  );
  return texts.slice(0, FACTS);
}

/** Few sizes, so that the browser keeps them; sharp on a screen of double density. */
function thumbnailSize(width: number, height: number): number {
  const needed = Math.max(width, height) * Math.min(2, devicePixelRatio);
  return [160, 256, 384, 512].find((size) => size >= needed) ?? 768;
}
