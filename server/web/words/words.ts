import { computed } from '@preact/signals';
import { language } from '../state/settings.js';
import { en, type Dictionary } from './en.js';
import { zh } from './zh.js';

const DICTIONARIES: Readonly<Record<'en' | 'zh', Dictionary>> = { en, zh };

/** The words of the language that is chosen; what reads them is drawn again when another is. */
export const words = computed(() => DICTIONARIES[language.value]);
