import { useState } from 'preact/hooks';
import { toLikenessError, type LikenessError } from '../../../engine/errors.js';
import { api } from '../state/api.js';
import { loadCollections } from '../state/collections.js';
import { navigate } from '../state/route.js';
import { ProblemNote } from '../widgets/problem-note.js';
import { words } from '../words/words.js';

/** A new collection by its name and model; all else is as the server's configuration says. */
export function NewCollectionForm({ models }: { models: readonly string[] }) {
  const { collections: text } = words.value;
  const [name, setName] = useState('');
  const [model, setModel] = useState('');
  const [problem, setProblem] = useState<LikenessError>();
  const make = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      await api.createCollection(name, model === '' ? {} : { model });
      await loadCollections();
      navigate({ view: 'collections', collection: undefined, params: new URLSearchParams({ of: name }) });
    } catch (thrown) {
      setProblem(toLikenessError(thrown));
    }
  };
  return (
    <form class="panel" onSubmit={(event) => void make(event)}>
      <h2>{text.make}</h2>
      <div class="form-row">
        <label class="labelled">
          <span>{text.name}</span>
          <input
            class="field"
            required
            pattern="[a-z0-9][a-z0-9_\-]{0,63}"
            title={text.nameHint}
            value={name}
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
        </label>
        <label class="labelled">
          <span>{text.model}</span>
          <select value={model} onChange={({ currentTarget }) => setModel(currentTarget.value)}>
            {models.map((known, i) => (
              <option key={known} value={i === 0 ? '' : known}>
                {known}
              </option>
            ))}
          </select>
        </label>
        <button class="button primary">{text.create}</button>
      </div>
      {problem !== undefined && <ProblemNote problem={problem} />}
    </form>
  );
}
