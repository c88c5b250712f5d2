import { collections, homeCollection } from '../state/collections.js';
import { formatRoute, navigate, route, shownRoute, type View } from '../state/route.js';
import { session, signOut } from '../state/session.js';
import { language, theme, type Theme } from '../state/settings.js';
import { Icon, type IconName } from '../widgets/icon.js';
import { IconButton } from '../widgets/icon-button.js';
import { words } from '../words/words.js';

const VIEWS: readonly { view: View; icon: IconName }[] = [
  { view: 'search', icon: 'search' },
  { view: 'compare', icon: 'compare' },
  { view: 'duplicates', icon: 'copies' },
  { view: 'map', icon: 'map' },
  { view: 'collections', icon: 'layers' },
];
const THEMES: Readonly<Record<Theme, { next: Theme; icon: IconName }>> = {
  system: { next: 'light', icon: 'system' },
  light: { next: 'dark', icon: 'sun' },
  dark: { next: 'system', icon: 'moon' },
};

export function Header() {
  return (
    <header class="header">
      <a class="brand" href={linkTo('search')} aria-label={words.value.shell.title}>
        <Logo />
        <span>{words.value.shell.title}</span>
      </a>
      <CollectionChoice />
      <Views />
      <div class="header-end">
        {session.value?.keys === true && session.value.access !== 'none' && (
          <IconButton icon="out" label={words.value.signIn.out} onClick={() => void signOut()} />
        )}
        <ThemeButton />
        <LanguageButton />
      </div>
    </header>
  );
}

function Views() {
  const { shell } = words.value;
  return (
    <nav class="views" aria-label={shell.views}>
      {VIEWS.map(({ view, icon }) => (
        <a key={view} href={linkTo(view)} {...(shownRoute.value.view === view ? { 'aria-current': 'page' } : {})}>
          <Icon name={icon} />
          <span>{shell[view]}</span>
        </a>
      ))}
    </nav>
  );
}

function CollectionChoice() {
  const { value: known = [] } = collections;
  const { collection } = shownRoute.value;
  if (collection === undefined) return <span class="collection-choice" />;
  const ready = known.filter(({ state }) => state === 'ready').map(({ name }) => name);
  const names = ready.includes(collection) ? ready : [collection, ...ready];
  const choose = (name: string): void => navigate({ ...route.value, collection: name, params: new URLSearchParams() });
  return (
    <label class="collection-choice">
      <span class="unseen">{words.value.shell.collection}</span>
      <select value={collection} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function ThemeButton() {
  const { next, icon } = THEMES[theme.value];
  return <IconButton icon={icon} label={words.value.shell.theme[theme.value]} onClick={() => (theme.value = next)} />;
}

function LanguageButton() {
  const other = language.value === 'en' ? 'zh' : 'en';
  return (
    <button
      type="button"
      class="language"
      lang={other === 'zh' ? 'zh-Hans' : 'en'}
      onClick={() => (language.value = other)}
    >
      {words.value.shell.otherLanguage}
    </button>
  );
}

function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <rect class="logo-back" x="3" y="3" width="19" height="19" rx="5.5" />
      <rect class="logo-front" x="10" y="10" width="19" height="19" rx="5.5" />
    </svg>
  );
}

/** The same collection in another view, without what was searched. */
function linkTo(view: View): string {
  return formatRoute({ view, collection: homeCollection.value, params: new URLSearchParams() });
}
