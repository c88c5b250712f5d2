import type { Region } from '../../../engine/types.js';

interface FoundBoxProps {
  box: Region;
  /** In whose pixels the box is. */
  image: { width: number; height: number };
  /** How the picture below is fitted into its place. */
  fit: 'cover' | 'contain';
}

/** The part of a picture that was found, drawn over it: a light line on a dark one is seen on any picture. */
export function FoundBox({ box: { x, y, width, height }, image, fit }: FoundBoxProps) {
  const place = { x, y, width, height };
  return (
    <svg
      class="found-box"
      viewBox={`0 0 ${image.width} ${image.height}`}
      preserveAspectRatio={`xMidYMid ${fit === 'cover' ? 'slice' : 'meet'}`}
      aria-hidden="true"
    >
      <rect class="found-edge" {...place} />
      <rect class="found-line" {...place} />
    </svg>
  );
}
