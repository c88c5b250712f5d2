import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Region } from '../../engine/types.js';
import { CHROMIUM, DESKTOP, PHONE, expectAccessible, openPage } from './browser.js';
import type { DemoServer } from './demo-server.js';
import { useDemo } from './use-demo.js';
import { openDetails, shownIds } from './search-steps.js';

/** A part of a picture of the collection `parts`, which describes parts. */
const PART = '0.1,0.1,0.5,0.5';

describe.skipIf(CHROMIUM === undefined)('results on the page', () => {
  const demo = useDemo();
  beforeAll(async () => {
    await demo.server.client.createCollection('parts', { regions: { subjects: false, rmac: 2 } });
    for (const id of ['mug/mug-01.jpg', 'guitar/guitar-01.jpg'])
      await demo.server.client.put('parts', { id, bytes: await demo.server.client.original('demo', id) });
  });

  it.each([
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ])('draw the part that was found, small and large: %s', async (_, size) => {
    const { page, faults } = await openPage(demo.browser, `${demo.server.url}/#/c/parts`, size);
    await shownIds(page);
    expect(await page.locator('.found-box').count()).toBe(0);
    const buffer = Buffer.from(await demo.server.client.original('demo', 'mug/mug-01.jpg'));
    const mug = { name: 'mug.jpg', mimeType: 'image/jpeg', buffer };
    await page.locator('input[type=file]').first().setInputFiles(mug);
    await page.waitForURL(/like=picture/);
    // the part is asked for in the address, as a box that was drawn would be
    await page.evaluate((part) => {
      location.hash = location.hash.replace('like=picture', `like=${part};picture`);
    }, PART);
    await page.locator('.found-box').first().waitFor();
    const first = page.locator('.wall-picture', { hasText: 'mug-01' });
    const found = await foundBy(demo.server);
    const { box } = found;
    await expectDrawn(page, '.wall-picture[data-index="0"]', found);
    await expectAccessible(page);
    await openDetails(first);
    await expectDrawn(page, 'dialog', found);
    const text = `${Math.round(box.width)} × ${Math.round(box.height)} (${Math.round(box.x)}, ${Math.round(box.y)})`;
    expect(await page.locator('dialog .facts').first().textContent()).toContain(text);
    expect(faults).toEqual([]);
  });

  it('are ordered by a field as far as they are loaded, and by the answer again', async () => {
    const { page, faults } = await openPage(demo.browser, `${demo.server.url}/#/c/demo?like=id:mug%2Fmug-01.jpg`);
    const answered = await shownIds(page);
    await page.getByLabel('Order').selectOption('price ↓');
    await expect.poll(() => shownIds(page)).not.toEqual(answered);
    const prices = (await page.locator('.wall-info').allTextContents()).map((text) => /price: (\d+)/.exec(text)?.[1]);
    expect(prices.map(Number)).toEqual(prices.map(Number).sort((a, b) => b - a));
    expect(page.url()).toContain('order=down%3Aprice');
    await page.goBack();
    await expect.poll(() => shownIds(page)).toEqual(answered);
    await page.getByLabel('Varied results').check();
    await expect.poll(() => page.getByLabel('Order').textContent()).toContain('By score alone');
    await page.getByLabel('Order').selectOption('By score alone');
    await expect.poll(() => shownIds(page)).toEqual(answered);
    expect(faults).toEqual([]);
  });

  it('show one of those that look the same, or one of each kind', async () => {
    const bytes = await demo.server.client.original('demo', 'guitar/guitar-02.jpg');
    await demo.server.client.put('demo', { id: 'copy.jpg', bytes });
    const { page, faults } = await openPage(demo.browser, `${demo.server.url}/#/c/demo?like=id:guitar%2Fguitar-01.jpg`);
    expect(await shownIds(page)).toEqual(expect.arrayContaining(['copy.jpg', 'guitar/guitar-02.jpg']));
    const choice = page.getByLabel('One of each');
    await choice.selectOption('pictures that look the same');
    await page.waitForURL(/once=1/);
    const once = await shownIds(page);
    expect(once.filter((id) => id === 'copy.jpg' || id === 'guitar/guitar-02.jpg')).toHaveLength(1);
    await choice.selectOption('kind');
    await page.waitForURL(/group=kind/);
    // the copy has no kind
    await expect.poll(() => page.locator('.wall-picture').count()).toBe(5);
    await demo.server.client.delete('demo', 'copy.jpg');
    expect(faults).toEqual([]);
  });
});

interface Found {
  box: Region;
  /** Of the picture, in whose pixels the box is. */
  width: number;
  height: number;
}

/** What the API answers to the same search. */
async function foundBy({ client }: DemoServer): Promise<Found> {
  const [x = 0, y = 0, width = 0, height = 0] = PART.split(',').map(Number);
  const bytes = await client.original('demo', 'mug/mug-01.jpg');
  const { hits } = await client.search('parts', { images: [bytes] }, { region: { x, y, width, height } });
  const { id, box } = hits[0]!;
  expect(id).toBe('mug/mug-01.jpg');
  const stored = await client.get('parts', id);
  return { box: box!, width: stored.width, height: stored.height };
}

/** The box lies on the picture as it lies in its pixels, to 2 % of the picture. */
async function expectDrawn(page: Page, within: string, { box, width, height }: Found): Promise<void> {
  const frame = (await page.locator(`${within} img`).first().boundingBox())!;
  const drawn = (await page.locator(`${within} .found-line`).boundingBox())!;
  // a picture of the wall fills its place, one of the details lies within it
  const [across, down] = [frame.width / width, frame.height / height];
  const scale = within === 'dialog' ? Math.min(across, down) : Math.max(across, down);
  const left = frame.x + (frame.width - width * scale) / 2;
  const top = frame.y + (frame.height - height * scale) / 2;
  const expected = [left + box.x * scale, top + box.y * scale, box.width * scale, box.height * scale];
  const got = [drawn.x, drawn.y, drawn.width, drawn.height];
  for (const [i, value] of expected.entries())
    expect(Math.abs(got[i]! - value)).toBeLessThan(0.02 * Math.max(frame.width, frame.height) + 3);
}
