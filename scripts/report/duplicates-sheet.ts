import { escapeHtml, SHEET_STYLE, sheetItems, type SheetPicture } from './contact-sheet.js';

export interface SheetGroup {
  title: string;
  pictures: SheetPicture[];
}

/** @returns a page without outside parts: every group of duplicates with its pictures. */
export function duplicatesSheet(collection: string, groups: readonly SheetGroup[]): string {
  const sections = groups.map(
    ({ title, pictures }) =>
      `<section><h2>${escapeHtml(title)}</h2>\n<ol class="sheet">\n${sheetItems(pictures)}\n</ol></section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Duplicates in ${escapeHtml(collection)}</title><style>${SHEET_STYLE}
  h2 { font-size: 1rem; font-weight: 600; margin-top: 2rem; }</style></head><body>
<h1>Duplicates in ${escapeHtml(collection)}: ${groups.length} groups</h1>
${sections.join('\n')}
</body></html>
`;
}
