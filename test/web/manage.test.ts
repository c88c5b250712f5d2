import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CHROMIUM, PHONE, expectAccessible, openPage } from './browser.js';
import { useDemo } from './use-demo.js';

describe.skipIf(CHROMIUM === undefined)('collections on the page', () => {
  const demo = useDemo();

  it('filters by what the metadata hold, and groups', async () => {
    const { page, faults } = await openPage(demo.browser, `${demo.server.url}/#/c/demo`);
    await page.locator('.field-filter summary', { hasText: 'kind' }).click();
    await page.getByRole('checkbox', { name: 'guitar' }).check();
    await expect.poll(() => page.locator('.wall-picture').count()).toBe(5);
    expect(await page.locator('h1').textContent()).toBe('Pictures that match');
    await page.locator('.field-filter summary', { hasText: 'sale' }).click();
    await page.getByRole('checkbox', { name: 'yes' }).check();
    await expect.poll(() => page.locator('.wall-picture').count()).toBe(2);
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => page.locator('.wall-picture').count()).toBe(20);
    await page.locator('.wall-main').first().click();
    await page.getByLabel('One of each').selectOption('kind');
    await expect.poll(() => page.locator('.wall-picture').count()).toBe(4);
    expect(faults).toEqual([]);
  });

  it('makes a collection, uploads a folder with a bad file in it, tries again, checks and deletes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'likeness-upload-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(join(folder, 'mugs'));
    writeFileSync(join(folder, 'mugs/one.jpg'), await demo.server.query('mug'));
    writeFileSync(join(folder, 'mugs/broken.jpg'), 'no picture');
    writeFileSync(join(folder, 'notes.txt'), 'not sent');
    const { page, faults } = await openPage(demo.browser, `${demo.server.url}/#/collections`);
    await page.getByLabel('Name', { exact: true }).fill('shop');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.waitForURL(/of=shop/);
    await page.getByLabel('Metadata field').fill('kind');
    await page.locator('input[webkitdirectory]').setInputFiles(folder);
    const status = page.locator('.progress-block [role=status]');
    await expect.poll(() => status.textContent()).toBe('2 of 2: 1 added, 0 replaced, 0 unchanged, 1 failed');
    expect(await page.locator('.failures').textContent()).toContain('unsupported_format');
    await page.getByRole('button', { name: 'Try 1 again' }).click();
    await expect.poll(() => status.textContent()).toBe('1 of 1: 0 added, 0 replaced, 0 unchanged, 1 failed');
    expect(await demo.server.client.get('shop', 'mugs/one.jpg')).toMatchObject({ metadata: { kind: 'mugs' } });
    await page.getByLabel('What to do').selectOption('Check everything');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect.poll(() => page.locator('.job.done').count()).toBe(1);
    await expectAccessible(page);
    await page.getByText('Delete this collection').click();
    await page.getByLabel('Type its name').fill('shop');
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await expect.poll(() => page.locator('.card').count()).toBe(2);
    expect((await demo.server.client.collections()).map(({ name }) => name)).not.toContain('shop');
    // the browser itself tells of the answer to the bad file
    expect(faults.filter((fault) => !fault.includes('415'))).toEqual([]);
  });

  it('reviews identical pictures: one is kept, marks are taken back, the rest go when that is said', async () => {
    const original = await demo.server.client.original('demo', 'mug/mug-01.jpg');
    for (const id of ['copies/a.jpg', 'copies/b.jpg']) await demo.server.client.put('demo', { id, bytes: original });
    const { page, faults } = await openPage(demo.browser, `${demo.server.url}/#/c/demo/duplicates`);
    // near-duplicates need a calibrated collection, so they are not asked for at first
    expect(await page.getByLabel('What counts as a duplicate').inputValue()).toBe('identical');
    const group = page.locator('.group');
    await expect.poll(() => group.locator('li').count()).toBe(3);
    await expectAccessible(page);
    const keep = group.locator('li', { hasText: 'mug/mug-01.jpg' }).getByText('Keep this one');
    await keep.click();
    expect(await group.locator('.marked').count()).toBe(2);
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await group.locator('.marked').count()).toBe(0);
    await keep.click();
    await page.getByRole('button', { name: 'Delete 2 for good' }).click();
    await page.getByText('No duplicates').waitFor();
    const ids: string[] = [];
    for await (const { id } of demo.server.client.list('demo')) ids.push(id);
    expect(ids).toHaveLength(20);
    expect(ids).toContain('mug/mug-01.jpg');
    expect(faults).toEqual([]);
  });

  it('compares a stored picture with a file, point by point', async () => {
    const { page, faults } = await openPage(
      demo.browser,
      `${demo.server.url}/#/c/demo/compare?a=mug%2Fmug-02.jpg`,
      PHONE,
    );
    const buffer = Buffer.from(await demo.server.client.original('demo', 'mug/mug-02.jpg'));
    await page.getByLabel('Choose a file B').setInputFiles({ name: 'same.jpg', mimeType: 'image/jpeg', buffer });
    await page.getByText('Common points').waitFor();
    expect(await page.locator('.matches line').count()).toBeGreaterThan(10);
    expect(await page.locator('.facts').textContent()).toContain('1.0000');
    await expectAccessible(page);
    expect(faults).toEqual([]);
  });
});

describe.skipIf(CHROMIUM === undefined)('signing in on the page', () => {
  const demo = useDemo({ readKeys: ['reader'], writeKeys: ['writer'] });

  it('shows nothing before the key, everything of it after, and nothing again', async () => {
    const { page, faults } = await openPage(demo.browser, `${demo.server.url}/#/c/demo`);
    await page.getByLabel('API key').fill('guess');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('does not know that key').waitFor();
    await expectAccessible(page);
    expect(faults.splice(0).every((fault) => fault.includes('401'))).toBe(true);
    await page.getByLabel('API key').fill('reader');
    await page.keyboard.press('Enter');
    await page.locator('.wall-picture').first().waitFor();
    const first = page.locator('.wall img').first();
    await expect.poll(() => first.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
    expect(await page.evaluate(() => document.cookie)).toBe('');
    // who may only read is not offered to write
    await page.goto(`${demo.server.url}/#/collections?of=demo`);
    await page.getByText('Fingerprint').waitFor();
    expect(await page.getByText('Add pictures').count()).toBe(0);
    await page.getByLabel('Sign out').click();
    await page.getByLabel('API key').waitFor();
    expect(faults).toEqual([]);
  });
});
