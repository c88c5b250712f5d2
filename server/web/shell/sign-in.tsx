import { useState } from 'preact/hooks';
import { sessionProblem, signIn } from '../state/session.js';
import { words } from '../words/words.js';

/** Asks for an API key; the browser then holds a cookie in its place. */
export function SignIn({ onDone }: { onDone: () => void }) {
  const { signIn: text } = words.value;
  const [key, setKey] = useState('');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    await signIn(key);
    if (sessionProblem.value === undefined) onDone();
  };
  return (
    <form class="sign-in" id="results" tabIndex={-1} onSubmit={(event) => void submit(event)}>
      <h1>{text.heading}</h1>
      <p class="faint">{text.hint}</p>
      <label class="labelled">
        <span>{text.key}</span>
        <input
          class="field"
          type="password"
          autocomplete="current-password"
          required
          value={key}
          onInput={({ currentTarget }) => setKey(currentTarget.value)}
        />
      </label>
      {sessionProblem.value !== undefined && (
        <p class="form-fault" role="alert">
          {sessionProblem.value.code === 'unauthorized' ? text.refused : sessionProblem.value.message}
        </p>
      )}
      <button class="button primary">{text.submit}</button>
    </form>
  );
}
