import { describe, expect, it } from 'vitest';
import { CHROMIUM, DESKTOP, PHONE, expectAccessible, openPage } from './browser.js';
import { useDemo } from './use-demo.js';
import { chooseFile, giveFile, holdSearches, openDetails, regionOf, shownIds, stopClock } from './search-steps.js';

/** Most of the wall is out of sight. */
const LOW = { width: 1000, height: 300 };

describe.skipIf(CHROMIUM === undefined)('searching on the page', () => {
  const demo = useDemo();

  it('shows the pictures of a collection before anything is asked', async () => {
    const { page, faults } = await openPage(demo.browser, demo.server.url);
    expect(await shownIds(page)).toHaveLength(20);
    expect(await page.locator('h1').textContent()).toBe('20 pictures');
    expect(page.url()).toContain('#/c/demo');
    // this server fetches none
    expect(await page.getByLabel('Address of a picture').count()).toBe(0);
    const loaded = await page
      .locator('.wall img')
      .evaluateAll((images) =>
        Promise.all(images.slice(0, 4).map(async (image) => (await (image as HTMLImageElement).decode(), true))),
      );
    expect(loaded).toEqual([true, true, true, true]);
    expect(faults).toEqual([]);
  });

  it('finds the nearest to a file, then to a hit, and goes back', async () => {
    const { page, faults } = await openPage(demo.browser, demo.server.url);
    await chooseFile(page, 'mug', demo.server);
    const found = await shownIds(page);
    expect(found.slice(0, 3).every((id) => id.startsWith('mug/'))).toBe(true);
    await page.waitForURL(/q=[0-9a-f-]{36}/);
    const address = page.url();

    await page.locator('.wall-main').nth(1).click();
    await page.waitForURL(/like=id/);
    await page.locator('.wall-picture').first().waitFor();
    expect(await shownIds(page)).not.toContain(found[1]);
    await page.goBack();
    await page.waitForURL(address);
    expect(await shownIds(page)).toEqual(found);
    expect(faults).toEqual([]);

    // elsewhere, the picture is not there but what it found is
    const other = await openPage(demo.browser, address);
    expect(await shownIds(other.page)).toEqual(found);
    expect(await other.page.locator('.query-picture.absent').textContent()).toContain('elsewhere');
    // and it can be searched by otherwise: without what is like another of what was found
    const unwanted = other.page.locator('.wall-picture').nth(1);
    await unwanted.hover();
    await unwanted.getByLabel('Fewer like this').click();
    await other.page.waitForURL(/like=query.*not=id/);
    await expect.poll(() => other.page.locator('.query-card').count()).toBe(2);
    await other.page.locator('.score').first().waitFor();
    expect(await shownIds(other.page)).not.toContain(found[1]);
    expect(await other.page.getByRole('alert').count()).toBe(0);
    expect(other.faults).toEqual([]);
  });

  it('searches by a part that is drawn, moved with keys, and given up', async () => {
    const { page, faults } = await openPage(demo.browser, demo.server.url);
    await chooseFile(page, 'sneaker', demo.server);
    const stage = (await page.locator('.crop-stage').boundingBox())!;
    await page.mouse.move(stage.x + stage.width * 0.2, stage.y + stage.height * 0.2);
    await page.mouse.down();
    await page.mouse.move(stage.x + stage.width * 0.7, stage.y + stage.height * 0.7, { steps: 4 });
    await page.mouse.up();
    const drawn = (await regionOf(page))!;
    expect(drawn.map((value) => Math.round(value * 10) / 10)).toEqual([0.2, 0.2, 0.5, 0.5]);
    await page.locator('.crop-handle.se').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await regionOf(page))![2]).toBeCloseTo(drawn[2]! + 0.02, 3);
    await page.getByText('Whole picture').click();
    await expect.poll(() => regionOf(page)).toBeUndefined();
    expect(faults).toEqual([]);
  });

  it('takes an example and a counter-example together', async () => {
    const { page, faults } = await openPage(demo.browser, `${demo.server.url}/#/c/demo?like=id:mug%2Fmug-01.jpg`);
    await shownIds(page);
    const guitar = page.locator('.wall-picture', { hasText: 'guitar-01' });
    await guitar.hover();
    await guitar.getByLabel('Fewer like this').click();
    await page.waitForURL(/not=id/);
    await expect.poll(() => page.locator('.query-card').count()).toBe(2);
    await page.locator('.score').first().waitFor();
    const ids = await shownIds(page);
    expect(ids.slice(-4).every((id) => id.startsWith('guitar/'))).toBe(true);
    await page.locator('.query-card.unwanted').getByLabel('Remove from the search').click();
    await expect.poll(() => page.locator('.query-card').count()).toBe(1);
    expect(faults).toEqual([]);
  });

  it('shows what was found before all else of the page', async () => {
    const { page, faults } = await openPage(demo.browser, demo.server.url);
    await shownIds(page);
    await stopClock(page);
    await giveFile(page, 'mug', demo.server);
    await page.locator('.wall[aria-busy=true] .score').first().waitFor();
    const first = await page.locator('.wall-picture').count();
    expect(first).toBeLessThan(20);
    expect(await page.locator('.query-card').count()).toBe(0);
    await page.clock.runFor(250);
    await page.locator('.query-card').waitFor();
    expect(await shownIds(page)).toHaveLength(20);
    expect(faults).toEqual([]);
  });

  it('is left for where a link leads while what was found still comes', async () => {
    const { page, faults } = await openPage(demo.browser, demo.server.url);
    await shownIds(page);
    await stopClock(page);
    await giveFile(page, 'mug', demo.server);
    await page.locator('.wall[aria-busy=true] .score').first().waitFor();
    await page.getByRole('link', { name: 'Compare' }).click();
    await page.locator('.compare-inputs').waitFor();
    await page.clock.runFor(250);
    expect(page.url()).toMatch(/\/compare$/);
    expect(faults).toEqual([]);
  });

  it('shows what is asked where the answer takes its time', async () => {
    const { page, faults } = await openPage(demo.browser, demo.server.url);
    await shownIds(page);
    const release = await holdSearches(page);
    await stopClock(page);
    await giveFile(page, 'mug', demo.server);
    await page.clock.runFor(90);
    await page.locator('.query-card').waitFor();
    expect(await page.locator('.score').count()).toBe(0);
    expect(page.url()).toContain('like=picture');
    release();
    await page.locator('.score').first().waitFor();
    expect(faults).toEqual([]);
  });

  it('keeps what was found until there is more, then shows the best of that', async () => {
    const { page, faults } = await openPage(demo.browser, demo.server.url, { viewport: LOW });
    const before = await shownIds(page);
    const release = await holdSearches(page);
    await page.locator('.wall-main').last().click();
    await page.locator('.results-panel[aria-busy=true]').waitFor();
    expect(await page.locator('.wall-info b').allTextContents()).toEqual(expect.arrayContaining(before));
    release();
    await page.locator('.score').first().waitFor();
    const { y } = (await page.locator('.wall-picture[data-index="0"]').boundingBox())!;
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThan(LOW.height);
    expect(faults).toEqual([]);
  });

  it('is worked by keys: over the wall, into the details and back', async () => {
    const { page, faults } = await openPage(demo.browser, demo.server.url);
    const ids = await shownIds(page);
    await page.locator('.wall-main').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    const focused = () => page.evaluate(() => document.activeElement?.closest('li')?.dataset['index']);
    expect(await focused()).toBe('1');
    const count = Number(await page.locator('.wall-picture').first().getAttribute('aria-setsize'));
    await page.keyboard.press('End');
    await expect.poll(focused).toBe(String(count - 1));
    await page.keyboard.press('Home');
    await expect.poll(focused).toBe('0');
    await page.keyboard.press('ArrowRight');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const dialog = page.locator('dialog[open]');
    expect(await dialog.locator('h2').textContent()).toBe(ids[1]);
    expect(await dialog.textContent()).toContain('price');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => dialog.locator('h2').textContent()).toBe(ids[2]);
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('says in words what went wrong, with the code', async () => {
    const { page } = await openPage(demo.browser, `${demo.server.url}/#/c/missing`);
    const problem = page.getByRole('alert');
    await problem.waitFor();
    expect(await problem.textContent()).toContain('collection_not_found');
  });

  it.each([
    ['desktop', 'light', DESKTOP],
    ['desktop', 'dark', DESKTOP],
    ['phone', 'light', PHONE],
    ['phone', 'dark', PHONE],
  ] as const)('passes axe and fits: %s, %s', async (_, colorScheme, size) => {
    const { page, faults } = await openPage(demo.browser, demo.server.url, { ...size, colorScheme });
    await shownIds(page);
    await expectAccessible(page);
    await chooseFile(page, 'night-city', demo.server);
    await expectAccessible(page);
    await openDetails(page.locator('.wall-picture').first());
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(faults).toEqual([]);
  });

  it('speaks Chinese, and remembers that and the theme', async () => {
    const { page, faults } = await openPage(demo.browser, demo.server.url);
    await page.getByRole('button', { name: '中文' }).click();
    expect(await page.locator('h1').textContent()).toBe('20 张图片');
    await page.getByRole('button', { name: '主题' }).click();
    await page.reload();
    await page.locator('.wall-picture').first().waitFor();
    expect(
      await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset['theme']]),
    ).toEqual(['zh-Hans', 'light']);
    expect(faults).toEqual([]);
  });
});
