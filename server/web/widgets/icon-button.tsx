import { Icon, type IconName } from './icon.js';

interface IconButtonProps {
  icon: IconName;
  label: string;
  onClick: () => void;
  class?: string;
  disabled?: boolean;
  tabIndex?: number;
  pressed?: boolean;
}

/** A button that is a picture; its word is said to those who do not see it, and shown to those who wait over it. */
export function IconButton({ icon, label, onClick, class: kind = '', pressed, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      class={`icon-button ${kind}`}
      title={label}
      aria-label={label}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      {...rest}
      onClick={(event) => {
        event.stopPropagation();
        onClick();
      }}
    >
      <Icon name={icon} />
    </button>
  );
}
