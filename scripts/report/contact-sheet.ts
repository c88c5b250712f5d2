export interface SheetPicture {
  title: string;
  caption: string;
  /** WebP; absent if the original cannot be read. */
  picture?: Uint8Array;
}

/** Of pages that show pictures in a grid. */
export const SHEET_STYLE = `
  :root { color-scheme: light dark; --edge: color-mix(in srgb, currentColor 15%, transparent); }
  body { font: 14px/1.4 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
  h1 { font-size: 1.2rem; font-weight: 600; }
  .sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 1rem; padding: 0; list-style: none; }
  figure { margin: 0; border: 1px solid var(--edge); border-radius: .6rem; overflow: hidden; height: 100%; }
  figure div { aspect-ratio: 1; display: grid; place-items: center; background: color-mix(in srgb, currentColor 5%, transparent); }
  img { width: 100%; height: 100%; object-fit: contain; display: block; }
  figcaption { padding: .5rem .7rem; overflow-wrap: anywhere; }
  figcaption b { display: block; font-variant-numeric: tabular-nums; }
  .query { max-width: 16rem; margin-bottom: 2rem; }
  .query figure { border: 2px solid currentColor; }`;

/** @returns a page without outside parts: the query, then the hits from the nearest on. */
export function contactSheet(query: SheetPicture, hits: SheetPicture[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Nearest to ${escapeHtml(query.title)}</title><style>${SHEET_STYLE}</style></head><body>
<h1>Nearest to</h1><div class="query">${figure(query)}</div>
<ol class="sheet">
${sheetItems(hits)}
</ol></body></html>
`;
}

/** @returns list items for a list of class `sheet`. */
export function sheetItems(pictures: readonly SheetPicture[]): string {
  return pictures.map((picture) => `<li>${figure(picture)}</li>`).join('\n');
}

function figure({ title, caption, picture }: SheetPicture): string {
  const image =
    picture === undefined
      ? 'no picture'
      : `<img alt="" src="data:image/webp;base64,${Buffer.from(picture).toString('base64')}">`;
  return `<figure><div>${image}</div><figcaption><b>${escapeHtml(caption)}</b>${escapeHtml(title)}</figcaption></figure>`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
