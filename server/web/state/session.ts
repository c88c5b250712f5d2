import { computed, signal } from '@preact/signals';
import { toLikenessError, type LikenessError } from '../../../engine/errors.js';
import type { SessionAnswer } from '../../../server/schemas/session.js';
import { api } from './api.js';

/** What the server lets this browser do; undefined until it is known. */
export const session = signal<SessionAnswer | undefined>(undefined);
export const sessionProblem = signal<LikenessError | undefined>(undefined);

export const mayWrite = computed(() => session.value?.access === 'write');

export async function loadSession(): Promise<void> {
  await note(() => api.session());
}

export async function signIn(key: string): Promise<void> {
  await note(() => api.signIn(key));
}

export async function signOut(): Promise<void> {
  await api.signOut();
  await loadSession();
}

async function note(ask: () => Promise<SessionAnswer>): Promise<void> {
  try {
    session.value = await ask();
    sessionProblem.value = undefined;
  } catch (thrown) {
    sessionProblem.value = toLikenessError(thrown);
  }
}
