import { expect, it } from 'vitest';
import { contactSheet } from '../../../scripts/report/contact-sheet.js';

it('shows pictures as data, and names as text whatever they hold', () => {
  const nasty = '<img src=x onerror="alert(1)">&\'';
  const picture = Uint8Array.of(1, 2, 3);
  const html = contactSheet({ title: nasty, caption: 'query', picture }, [
    { title: nasty, caption: '0.9000', picture },
    { title: 'gone.jpg', caption: '0.1000' },
  ]);
  expect(html).not.toContain('<img src=x');
  expect(html).not.toContain('onerror="');
  expect(html.match(/&#60;img src=x onerror=&#34;alert\(1\)&#34;&#62;&#38;&#39;/g)).toHaveLength(3);
  expect(html.match(/src="data:image\/webp;base64,AQID"/g)).toHaveLength(2);
  expect(html).toContain('no picture');
  expect(html.match(/(src|href)="(?!data:)/g)).toBeNull();
});
