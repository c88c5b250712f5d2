import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { CHROMIUM, DESKTOP, PHONE, expectAccessible, openPage } from './browser.js';
import { useDemo } from './use-demo.js';
import { chooseFile, regionOf, shownIds } from './search-steps.js';

describe.skipIf(CHROMIUM === undefined)('pictures come into the page', () => {
  const demo = useDemo({ urlFetch: 'on' });

  it.each([
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ])('by paste and by drop, several at once too: %s', async (_, size) => {
    const { page, faults } = await openPage(demo.browser, demo.server.url, size);
    await shownIds(page);
    await give(page, 'paste', [await demo.server.query('mug')]);
    await page.locator('.score').first().waitFor();
    expect((await shownIds(page))[0]).toMatch(/^mug\//);

    const pictures = [await demo.server.query('guitar'), await demo.server.query('sneaker')];
    await give(page, 'dragover', pictures);
    await page.getByText('Let go to search').waitFor();
    await give(page, 'drop', pictures);
    await expect.poll(() => page.locator('.query-card').count()).toBe(2);
    expect(await page.locator('.drop-cover').count()).toBe(0);
    const kinds = (await shownIds(page)).slice(0, 6).map((id) => id.split('/')[0]);
    expect(new Set(kinds)).toEqual(new Set(['guitar', 'sneaker']));
    // what is no picture is let lie
    const before = page.url();
    await page.evaluate(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['text'], 'notes.txt', { type: 'text/plain' }));
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer }));
    });
    expect(page.url()).toBe(before);
    expect(faults).toEqual([]);
  });

  it('by the camera of a phone', async () => {
    const { page, faults } = await openPage(demo.browser, demo.server.url, PHONE);
    await page.getByRole('button', { name: 'Camera' }).waitFor();
    const camera = page.locator('input[capture=environment]');
    const [asked] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Camera' }).tap(),
    ]);
    expect(await camera.getAttribute('accept')).toBe('image/*');
    const buffer = await demo.server.query('night-city');
    await asked.setFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer });
    await page.locator('.score').first().waitFor();
    expect((await shownIds(page))[0]).toMatch(/^night-city\//);
    // where there is a mouse there is no such button
    const desk = await openPage(demo.browser, demo.server.url);
    await desk.page.getByRole('button', { name: 'Choose files' }).waitFor();
    expect(await desk.page.getByRole('button', { name: 'Camera' }).count()).toBe(0);
    expect([...faults, ...desk.faults]).toEqual([]);
  });

  it('by address: the server fetches it, or says why it must not', async () => {
    const { page, faults } = await openPage(demo.browser, demo.server.url);
    const address = 'http://pictures.test/mug.jpg';
    // the network's part is played here; the server has tests of its own of what it fetches
    await page.route('**/search', async (route) => {
      const { imageUrl, queries, ...rest } = route.request().postDataJSON() as {
        imageUrl?: string;
        queries?: { imageUrl?: string }[];
      };
      if ((imageUrl ?? queries?.[0]?.imageUrl) !== address) return route.continue();
      const imageBase64 = (await demo.server.query('mug')).toString('base64');
      return route.continue({ postData: JSON.stringify({ ...rest, imageBase64 }) });
    });
    const field = page.getByLabel('Address of a picture');
    await field.fill(address);
    await page.keyboard.press('Enter');
    await page.locator('.score').first().waitFor();
    expect((await shownIds(page))[0]).toMatch(/^mug\//);
    expect(page.url()).toContain(`like=url%3A${encodeURIComponent(address)}`);
    // a picture of another host is named, never shown
    expect(await page.locator('.query-picture').textContent()).toContain(address);
    expect(faults).toEqual([]);

    await field.fill(`${demo.server.url}/v1/collections`);
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    const problem = page.getByRole('alert');
    await problem.waitFor();
    expect(await problem.textContent()).toContain('url_forbidden');
    await expectAccessible(page);
    // the browser itself tells of the answer
    expect(faults.filter((fault) => !fault.includes('403'))).toEqual([]);
  });

  it('and are cropped by mouse, by an edge and by a corner', async () => {
    const { page, faults } = await openPage(demo.browser, demo.server.url);
    await chooseFile(page, 'sneaker', demo.server);
    await page.locator('.crop-stage').waitFor();
    await drag(page, '.crop-handle.e', [-0.4, 0.3]);
    await expect.poll(() => rounded(page)).toEqual([0, 0, 0.6, 1]);
    await drag(page, '.crop-handle.n', [0.3, 0.25]);
    await expect.poll(() => rounded(page)).toEqual([0, 0.25, 0.6, 0.75]);
    await drag(page, '.crop-handle.sw', [0.1, -0.25]);
    await expect.poll(() => rounded(page)).toEqual([0.1, 0.25, 0.5, 0.5]);
    expect(await page.locator('.crop-handle').count()).toBe(8);
    await page.locator('.crop-handle.w').focus();
    // an edge moves across itself only
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => rounded(page)).toEqual([0.12, 0.25, 0.48, 0.5]);
    await page.goBack();
    await expect.poll(() => rounded(page)).toEqual([0.1, 0.25, 0.5, 0.5]);
    await expectAccessible(page);
    expect(faults).toEqual([]);
  });

  it('and are cropped by finger', async () => {
    const { page, faults } = await openPage(demo.browser, demo.server.url, PHONE);
    await chooseFile(page, 'mug', demo.server);
    await page.getByLabel('Part of the picture to search by').tap();
    const stage = page.locator('.crop-stage');
    await stage.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await stage.boundingBox())!;
    const at = (across: number, down: number): [number, number] => [x + width * across, y + height * down];
    await swipe(page, at(0.3, 0.3), at(0.7, 0.8));
    await expect.poll(() => rounded(page)).toEqual([0.3, 0.3, 0.4, 0.5]);
    await swipe(page, at(0.7, 0.55), at(0.9, 0.55));
    await expect.poll(() => rounded(page)).toEqual([0.3, 0.3, 0.6, 0.5]);
    await swipe(page, at(0.5, 0.5), at(0.4, 0.6));
    await expect.poll(() => rounded(page)).toEqual([0.2, 0.4, 0.6, 0.5]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(faults).toEqual([]);
  });
});

/** Pastes or drops pictures, as the browser tells of it. */
async function give(page: Page, type: 'paste' | 'dragover' | 'drop', pictures: readonly Buffer[]): Promise<void> {
  const files = pictures.map((picture) => picture.toString('base64'));
  await page.evaluate(
    ({ kind, texts }) => {
      const transfer = new DataTransfer();
      for (const [i, text] of texts.entries()) {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], `given-${i}.jpg`, { type: 'image/jpeg' }));
      }
      const init = { bubbles: true, cancelable: true };
      const event =
        kind === 'paste'
          ? new ClipboardEvent(kind, { ...init, clipboardData: transfer })
          : new DragEvent(kind, { ...init, dataTransfer: transfer });
      document.body.dispatchEvent(event);
    },
    { kind: type, texts: files },
  );
}

/** Drags a handle by so much of the crop stage's width and height. */
async function drag(page: Page, handle: string, [across, down]: [number, number]): Promise<void> {
  const stage = (await page.locator('.crop-stage').boundingBox())!;
  const box = (await page.locator(handle).boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + stage.width * across, y + stage.height * down, { steps: 3 });
  await page.mouse.up();
}

/** One finger, from here to there. */
async function swipe(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: [number, number][]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y]) => ({ x, y })) });
  await touch('touchStart', [from]);
  for (const share of [0.25, 0.5, 0.75, 1])
    await touch('touchMove', [[from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]]);
  await touch('touchEnd', []);
  await session.detach();
}

/** The part in the address, to hundredths. */
async function rounded(page: Page): Promise<number[] | undefined> {
  return (await regionOf(page))?.map((value) => Math.round(value * 100) / 100);
}
