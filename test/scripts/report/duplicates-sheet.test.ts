import { expect, it } from 'vitest';
import { duplicatesSheet } from '../../../scripts/report/duplicates-sheet.js';

it('shows each group with its pictures, and names as text whatever they hold', () => {
  const picture = Uint8Array.of(1, 2, 3);
  const html = duplicatesSheet('<shop>', [
    { title: 'identical: <2>', pictures: [{ title: '<a>', caption: 'keep', picture }] },
    { title: 'near-duplicate', pictures: [{ title: 'b', caption: '' }] },
  ]);
  expect(html.match(/<section>/g)).toHaveLength(2);
  expect(html).not.toContain('<shop>');
  expect(html).not.toContain('<a>');
  expect(html).toContain('identical: &#60;2&#62;');
  expect(html).toContain('src="data:image/webp;base64,AQID"');
});
