import type { ImageRecord } from '../../../engine/types.js';
import type { DuplicatesResponse } from '../../../server/schemas/duplicates.js';
import { thumbnailUrl } from '../state/api.js';
import { formatRoute } from '../state/route.js';
import { mayWrite } from '../state/session.js';
import { Icon } from '../widgets/icon.js';
import { words } from '../words/words.js';

interface DuplicateGroupProps {
  collection: string;
  group: DuplicatesResponse['groups'][number];
  marked: ReadonlySet<string>;
  /** Takes these ids out of the marks, and puts those in. */
  onMark: (out: readonly string[], into: readonly string[]) => void;
}

/** One group: a click on a picture keeps it and marks the others. */
export function DuplicateGroup({ collection, group, marked, onMark }: DuplicateGroupProps) {
  const { duplicates: text, verdicts } = words.value;
  const { images, verdict } = group;
  const ids = images.map(({ id }) => id);
  const keep = (kept: string): void =>
    onMark(
      [kept],
      ids.filter((id) => id !== kept),
    );
  const toggle = (id: string): void => onMark([id], marked.has(id) ? [] : [id]);
  const params = new URLSearchParams({ a: ids[0] ?? '', b: ids[1] ?? '' });
  return (
    <article class="panel group">
      <div class="panel-head">
        <h2>
          {verdicts[verdict]} · {text.images(images.length)}
        </h2>
        <a class="button" href={formatRoute({ view: 'compare', collection, params })}>
          <Icon name="compare" /> {words.value.shell.compare}
        </a>
      </div>
      <ul class="group-images">
        {images.map((image) => (
          <li key={image.id} class={marked.has(image.id) ? 'marked' : ''}>
            <img
              src={thumbnailUrl(collection, image.id, 384, image.contentHash)}
              alt={image.id}
              loading="lazy"
              style={{ aspectRatio: `${image.width} / ${image.height}` }}
            />
            <b>{image.id}</b>
            <span class="faint">{sizeOf(image)}</span>
            {mayWrite.value && (
              <span class="group-actions">
                <button type="button" class="button" onClick={() => keep(image.id)}>
                  <Icon name="check" /> {text.keep}
                </button>
                <button
                  type="button"
                  class="button"
                  aria-pressed={marked.has(image.id)}
                  onClick={() => toggle(image.id)}
                >
                  <Icon name={marked.has(image.id) ? 'undo' : 'trash'} />
                  {marked.has(image.id) ? text.unmark : text.mark}
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
    </article>
  );
}

function sizeOf({ width, height, bytes, format }: ImageRecord): string {
  return `${width} × ${height} · ${Math.ceil(bytes / 1024)} KiB · ${format}`;
}
