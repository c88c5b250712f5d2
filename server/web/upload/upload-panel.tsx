import { useRef, useState } from 'preact/hooks';
import { refreshResults } from '../search/results.js';
import { loadCollections } from '../state/collections.js';
import { Icon } from '../widgets/icon.js';
import { words } from '../words/words.js';
import { chosenFiles, droppedFiles, toUploadItems, type FoundFile } from './dropped-entries.js';
import { retryFailed, startUpload, stopUpload, upload, type Upload } from './upload-queue.js';

/** Pictures into a collection: files or a whole folder, each with what became of it. */
export function UploadPanel({ collection }: { collection: string }) {
  const { upload: text } = words.value;
  const [field, setField] = useState('');
  const [over, setOver] = useState(false);
  const running = upload.value?.running === true;
  const add = async (found: FoundFile[]): Promise<void> => {
    const items = toUploadItems(found, field.trim());
    if (items.length > 0 && !running) await afterwards(startUpload(collection, items));
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    if (event.dataTransfer !== null) void droppedFiles(event.dataTransfer).then(add);
  };
  return (
    <section class="panel" aria-label={text.heading}>
      <h2>{text.heading}</h2>
      <div
        class={`drop-place ${over ? 'over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Icon name="upload" size={32} />
        <p>{text.drop}</p>
        <div class="picture-buttons">
          <FilesButton label={text.files} disabled={running} onFiles={(files) => void add(files)} />
          <FilesButton label={text.folder} disabled={running} folder onFiles={(files) => void add(files)} />
        </div>
      </div>
      <label class="labelled">
        <span>{text.folderField}</span>
        <input
          class="field"
          value={field}
          maxLength={128}
          placeholder="kind"
          onInput={({ currentTarget }) => setField(currentTarget.value)}
        />
      </label>
      {upload.value?.collection === collection && <Progress now={upload.value} />}
    </section>
  );
}

function FilesButton(props: {
  label: string;
  disabled: boolean;
  folder?: boolean;
  onFiles: (files: FoundFile[]) => void;
}) {
  const { label, disabled, folder = false, onFiles } = props;
  const input = useRef<HTMLInputElement>(null);
  const take = (chosen: HTMLInputElement): void => {
    onFiles(chosenFiles(chosen.files));
    chosen.value = '';
  };
  return (
    <>
      <button type="button" class="button" disabled={disabled} onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        hidden
        type="file"
        multiple
        aria-label={label}
        {...(folder ? { webkitdirectory: true } : { accept: 'image/*' })}
        onChange={({ currentTarget }) => take(currentTarget)}
      />
    </>
  );
}

function Progress({ now }: { now: Upload }) {
  const { upload: text } = words.value;
  const { total, added, replaced, unchanged, failed, running } = now;
  const done = added + replaced + unchanged + failed.length;
  return (
    <div class="progress-block">
      <progress max={total} value={done} aria-label={text.heading} />
      <p role="status">{text.counts({ total, done, added, replaced, unchanged, failed: failed.length })}</p>
      {running && (
        <button type="button" class="button" onClick={stopUpload}>
          {text.stop}
        </button>
      )}
      {!running && failed.length > 0 && (
        <button type="button" class="button" onClick={() => void afterwards(retryFailed())}>
          {text.retry(failed.length)}
        </button>
      )}
      {failed.length > 0 && (
        <ul class="failures">
          {failed.map(({ id, code, message }) => (
            <li key={id}>
              <b>{id}</b> <span>{message}</span> <code>{code}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What was added shows in counts and searches. */
async function afterwards(done: Promise<void>): Promise<void> {
  await done;
  refreshResults();
  await loadCollections();
}
