import type { Locator, Page } from 'playwright-core';
import type { DemoServer } from './demo-server.js';

/** The ids that are shown, in their order, once the search is done. */
export async function shownIds(page: Page): Promise<string[]> {
  await page.locator('.results-panel[aria-busy=false] .wall[aria-busy=false] .wall-picture').first().waitFor();
  return page.locator('.wall-info b').allTextContents();
}

/** Searches by a picture of a kind, chosen as a file. */
export async function chooseFile(page: Page, kind: string, server: DemoServer): Promise<void> {
  await giveFile(page, kind, server);
  await page.locator('.wall[aria-busy=false] .score').first().waitFor();
}

/** As {@link chooseFile}, without waiting for what is found. */
export async function giveFile(page: Page, kind: string, server: DemoServer): Promise<void> {
  const file = { name: `${kind}.jpg`, mimeType: 'image/jpeg', buffer: await server.query(kind) };
  await page.locator('input[type=file]').first().setInputFiles(file);
}

/** Has every search wait until the function that is returned is called. */
export async function holdSearches(page: Page): Promise<() => void> {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/search', async (route) => {
    await held;
    await route.continue();
  });
  return () => release();
}

/** From here on the page's time goes on by `page.clock.runFor` only. */
export async function stopClock(page: Page): Promise<void> {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
}

/** Points at a picture of the wall, and opens its details. */
export async function openDetails(picture: Locator): Promise<void> {
  await picture.hover();
  await picture.getByLabel('Details').click();
}

/** The part that the address names for the first picture: x, y, width, height in fractions. */
export async function regionOf(page: Page): Promise<number[] | undefined> {
  const params = await page.evaluate(() => new URLSearchParams(location.hash.split('?')[1]).get('like'));
  const [, box] = /^([\d.,]+);/.exec(params ?? '') ?? [];
  return box?.split(',').map(Number);
}
