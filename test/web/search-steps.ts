import type { Locator, Page } from 'playwright-core';
import type { DemoServer } from './demo-server.js';

/** The ids that are shown, in their order, once the search is done. */
export async function shownIds(page: Page): Promise<string[]> {
  await page.locator('.results-panel[aria-busy=false] .wall[aria-busy=false] .wall-picture').first().waitFor();
  return page.locator('.wall-info b').allTextContents();
}

/** Searches by a picture of a kind, chosen as a file. */
export async function chooseFile(page: Page, kind: string, server: DemoServer): Promise<void> {
  const buffer = await server.query(kind);
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: `${kind}.jpg`, mimeType: 'image/jpeg', buffer });
  await page.locator('.wall[aria-busy=false] .score').first().waitFor();
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
