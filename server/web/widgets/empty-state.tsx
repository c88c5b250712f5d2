import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.js';

/** What is shown where nothing is. */
export function EmptyState(props: { icon: IconName; title: string; hint: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={props.icon} size={40} />
      <h2>{props.title}</h2>
      <p>{props.hint}</p>
      {props.children}
    </div>
  );
}
