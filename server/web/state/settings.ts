import { effect, signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
export type Language = 'en' | 'zh';

/** What the user chose, kept in this browser. */
export const theme = signal<Theme>(oneOf(['system', 'light', 'dark'], read('theme')) ?? 'system');
export const language = signal<Language>(oneOf(['en', 'zh'], read('language')) ?? preferredLanguage());

/** Writes both to the document and to the browser's store whenever they change. */
export function followSettings(): void {
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
    write('theme', theme.value);
  });
  effect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-Hans' : 'en';
    write('language', language.value);
  });
}

/** English or Chinese, whichever the user named first. */
function preferredLanguage(): Language {
  const tag = navigator.languages.find((candidate) => /^(en|zh)\b/.test(candidate));
  return tag?.startsWith('zh') === true ? 'zh' : 'en';
}

function oneOf<T extends string>(values: readonly T[], value: string | null): T | undefined {
  return values.find((candidate) => candidate === value);
}

/** A browser may forbid its store; then a choice lasts as long as the page. */
function read(name: string): string | null {
  try {
    return localStorage.getItem(`likeness.${name}`);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(`likeness.${name}`, value);
  } catch {
    // as above
  }
}
