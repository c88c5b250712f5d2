import { useRef, useState } from 'preact/hooks';
import type { Region } from '../../../engine/types.js';
import { api, thumbnailUrl } from '../state/api.js';
import { Icon } from '../widgets/icon.js';
import { IconButton } from '../widgets/icon-button.js';
import { words } from '../words/words.js';
import { CropBox } from './crop-box.js';
import { heldPicture, holdPicture } from './held-pictures.js';
import { useSubjects } from './subjects.js';
import { isAnswered } from './results.js';
import { changeQuery, removeQuery, shownSpec } from './search-actions.js';
import type { QueryItem, QuerySource } from './search-spec.js';

interface QueryCardProps {
  collection: string;
  item: QueryItem;
  index: number;
  /** Nothing else is searched by, so there is room for the whole picture. */
  alone: boolean;
}

/** One picture that is searched by. */
export function QueryCard({ collection, item, index, alone }: QueryCardProps) {
  const { query: text } = words.value;
  const { source, region, wanted } = item;
  const src = addressOf(collection, source);
  const [cropping, setCropping] = useState(alone && matchMedia('(pointer: fine)').matches);
  // they are looked for after the first search, which would have to wait for that
  const answered = useRef(false);
  answered.current ||= isAnswered(collection, shownSpec());
  const subjects = useSubjects(collection, cropping && answered.current ? source : undefined);
  return (
    <li class={`query-card ${wanted ? '' : 'unwanted'} ${cropping ? 'cropping' : ''}`}>
      {src !== undefined && cropping ? (
        <CropBox {...{ src, region, subjects }} onChange={(next) => void crop({ collection, item, index }, next)} />
      ) : (
        <QueryPicture src={src} source={source} />
      )}
      {cropping && region === undefined && <p class="crop-hint faint">{text.cropHint}</p>}
      <div class="query-bar">
        <button
          type="button"
          class="sign"
          title={wanted ? text.makeNegative : text.makePositive}
          aria-pressed={!wanted}
          onClick={() => changeQuery(index, { wanted: !wanted })}
        >
          <Icon name={wanted ? 'plus' : 'minus'} size={15} />
          {wanted ? text.wanted : text.unwanted}
        </button>
        {region !== undefined && (
          <button type="button" class="text-button" onClick={() => changeQuery(index, { region: undefined })}>
            {text.wholePicture}
          </button>
        )}
        <span class="grow" />
        {src !== undefined && (
          <IconButton icon="crop" label={text.crop} pressed={cropping} onClick={() => setCropping(!cropping)} />
        )}
        <IconButton icon="close" label={text.remove} onClick={() => removeQuery(index)} />
      </div>
    </li>
  );
}

function QueryPicture({ src, source }: { src: string | undefined; source: QuerySource }) {
  const { query: text } = words.value;
  const [broken, setBroken] = useState(false);
  if (src !== undefined && !broken)
    return <img class="query-picture" src={src} alt="" decoding="async" onError={() => setBroken(true)} />;
  const name = heldPicture(source.value)?.name;
  const said = source.kind === 'url' ? source.value : name === undefined ? text.shared : text.notAPicture(name);
  return (
    <p class="query-picture absent">
      <Icon name="image" size={28} />
      <span>{said}</span>
    </p>
  );
}

/** Pictures of other hosts are not shown: the page asks no host but its own. */
function addressOf(collection: string, { kind, value }: QuerySource): string | undefined {
  if (kind === 'picture') return heldPicture(value)?.url;
  return kind === 'id' ? thumbnailUrl(collection, value, 512) : undefined;
}

/** A part of a stored image is searched by as a picture of its own: its descriptor is of the whole. */
async function crop(
  { collection, item, index }: Omit<QueryCardProps, 'alone'>,
  region: Region | undefined,
): Promise<void> {
  const { kind, value } = item.source;
  if (kind !== 'id' || region === undefined) {
    changeQuery(index, { region });
    return;
  }
  const bytes = await api.original(collection, value);
  const source: QuerySource = { kind: 'picture', value: holdPicture(new Blob([bytes as BlobPart]), value) };
  changeQuery(index, { source, region });
}
