import { describe, expect, it } from 'vitest';
import { CHROMIUM, DESKTOP, PHONE, expectAccessible, openPage } from './browser.js';
import { useDemo } from './use-demo.js';
import { chooseFile, shownIds } from './search-steps.js';

const COPIES = 150;

describe.skipIf(CHROMIUM === undefined)('the page follows the server', () => {
  const demo = useDemo();

  it('counts what others import, and asks for nothing again and again', async () => {
    const { page, faults } = await openPage(demo.browser, `${demo.server.url}/#/collections?of=demo`);
    const count = page.locator('.facts div', { hasText: 'Pictures' }).locator('dd');
    await expect.poll(() => count.textContent()).toBe('20');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const bytes = await demo.server.client.original('demo', 'mug/mug-01.jpg');
    await demo.server.client.put('demo', { id: 'import/a.jpg', bytes });
    await expect.poll(() => count.textContent()).toBe('21');
    await demo.server.client.delete('demo', 'import/a.jpg');
    await expect.poll(() => count.textContent()).toBe('20');
    // each but once: the stream, and the fields for the jobs
    expect(asked.length).toBe(new Set(asked).size);
    expect(faults).toEqual([]);
  });

  it('starts jobs that need a field, tells how far they are, and what tuning would bring', async () => {
    const { page, faults } = await openPage(demo.browser, `${demo.server.url}/#/collections?of=demo`);
    const kind = page.getByLabel('What to do');
    const start = page.getByRole('button', { name: 'Start', exact: true });
    await kind.selectOption('Tune the ranking');
    expect(await start.isDisabled()).toBe(true);
    await page.getByRole('combobox', { name: /^Metadata field/ }).selectOption('kind');
    expect(await page.getByLabel('Measure only').isChecked()).toBe(true);
    await start.click();
    await page.locator('.job').first().waitFor();
    await page.locator('.job.done, .job.failed').first().waitFor({ timeout: 60_000 });
    expect(await page.locator('.job.done table tbody tr').count()).toBeGreaterThan(1);
    await expectAccessible(page);
    await kind.selectOption('Learn domains');
    await page.getByRole('combobox', { name: /^Metadata field/ }).selectOption('kind');
    await start.click();
    await page.locator('.job.done', { hasText: 'Learn domains' }).waitFor();
    await kind.selectOption('Change the model');
    expect(await start.isDisabled()).toBe(true);
    expect(faults).toEqual([]);
  });

  it.each([
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ])('learns categories, and keeps to one by its chip: %s', async (_, size) => {
    const { page, faults } = await openPage(demo.browser, `${demo.server.url}/#/collections?of=demo`, size);
    await page.getByLabel('What to do').selectOption('Learn categories');
    await page.getByRole('combobox', { name: /^Metadata field/ }).selectOption('kind');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.locator('.job.done', { hasText: 'Learn categories' }).first().waitFor({ timeout: 60_000 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'Open' }).click();
    await shownIds(page);
    await chooseFile(page, 'guitar', demo.server);
    const chip = page.locator('.chip').first();
    expect(await chip.textContent()).toContain('guitar');
    await chip.click();
    await expect.poll(() => page.locator('.wall-picture').count()).toBe(5);
    expect(await chip.getAttribute('aria-pressed')).toBe('true');
    expect((await shownIds(page)).every((id) => id.startsWith('guitar/'))).toBe(true);
    await expectAccessible(page);
    await page.goBack();
    await expect.poll(() => page.locator('.wall-picture').count()).toBe(20);
    expect(faults).toEqual([]);
  });

  it.each([
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ])('loads more as one scrolls, and draws what is near only: %s', async (_, size) => {
    const bytes = await demo.server.client.original('demo', 'mug/mug-01.jpg');
    const known = (await demo.server.client.collections()).some(({ name }) => name === 'many');
    if (!known) await demo.server.client.createCollection('many');
    // the same bytes are described once
    const ids = Array.from({ length: COPIES }, (_id, i) => `copy-${String(i).padStart(3, '0')}.jpg`);
    if (!known)
      for (let i = 0; i < COPIES; i += 50)
        await demo.server.client.batch(
          'many',
          ids.slice(i, i + 50).map((id) => ({ id, bytes, metadata: { place: Number(id.slice(5, 8)) } })),
        );
    const { page, faults } = await openPage(demo.browser, `${demo.server.url}/#/c/many?like=id:copy-000.jpg`, size);
    await shownIds(page);
    const last = page.locator(`[data-index="${COPIES - 2}"]`);
    for (let i = 0; i < 60 && (await last.count()) === 0; i++) {
      await page.evaluate(() => scrollBy(0, innerHeight));
      await page.waitForTimeout(100);
    }
    expect(await last.getAttribute('aria-setsize')).toBe(String(COPIES - 1));
    expect(await page.locator('.wall-picture').count()).toBeLessThan(COPIES - 1);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.getByText('That is all').waitFor();
    expect(faults).toEqual([]);

    // in another order it comes when it is asked for
    const ordered = await openPage(
      demo.browser,
      `${demo.server.url}/#/c/many?like=id:copy-000.jpg&order=down%3Aplace`,
      size,
    );
    await ordered.page.getByText('one of the 60 pictures').waitFor();
    await ordered.page.getByRole('button', { name: 'Show more' }).click();
    await ordered.page.getByText('one of the 120 pictures').waitFor();
    expect(ordered.faults).toEqual([]);
  });

  it('searches by the picture of the map that is clicked', async () => {
    const { page, faults } = await openPage(demo.browser, `${demo.server.url}/#/c/demo/map`);
    const canvas = page.locator('canvas');
    await canvas.waitFor({ timeout: 60_000 });
    const { x, y, width, height } = (await canvas.boundingBox())!;
    const label = page.locator('.map-label');
    const places = Array.from({ length: 400 }, (_, i) => [0.1 + 0.04 * (i % 20), 0.1 + 0.04 * Math.floor(i / 20)]);
    for (const [across = 0, down = 0] of places) {
      await page.mouse.move(x + width * across, y + height * down);
      if ((await label.count()) === 0) continue;
      const id = (await label.textContent())!;
      await page.mouse.down();
      await page.mouse.up();
      await page.waitForURL(/like=id/);
      expect(page.url()).toContain(encodeURIComponent(id));
      break;
    }
    expect((await shownIds(page)).length).toBe(19);
    await page.goBack();
    await canvas.waitFor({ timeout: 60_000 });
    expect(faults).toEqual([]);
  });
});
