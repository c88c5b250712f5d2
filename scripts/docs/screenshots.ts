/**
 * Takes the pictures of the page that the manual shows, docs/images/page-*.jpg: the demo gallery in a folder of its own, a
 * server over it, and Debian's chromium.
 *
 *     apt-get install chromium; npm run screenshots
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { LikenessClient } from '../../client/likeness-client.js';
import { packageRoot } from '../../engine/package-root.js';

interface Shot {
  name: string;
  /** Where the page is taken. */
  fragment: string;
  width: number;
  height: number;
  dark?: boolean;
  phone?: boolean;
  /** What is done before. */
  act?: (page: Page) => Promise<void>;
}

const root = packageRoot();
const cli = join(root, 'scripts/likeness.cjs');
const folder = await mkdtemp(join(tmpdir(), 'likeness-shots-'));
const gallery = join(folder, 'gallery');
const queries = join(folder, 'queries');
const likeness = (...words: string[]) =>
  execFileSync(process.execPath, [cli, ...words, '--data-dir', join(folder, 'data')], { stdio: 'ignore' });

/** Runs in the page: every picture in sight is there. */
const ALL_SHOWN = `[...document.images].every((image) =>
  image.getBoundingClientRect().top > innerHeight || (image.complete && image.naturalWidth > 0))`;

const DESKTOP = { width: 1200, height: 750 };
const SHOTS: readonly Shot[] = [
  { ...DESKTOP, name: 'page-search', fragment: '#/c/demo', act: searchBySneaker },
  { ...DESKTOP, name: 'page-browse-dark', fragment: '#/c/demo', dark: true, act: pictures },
  { ...DESKTOP, name: 'page-map', fragment: '#/c/demo/map', act: map },
  { ...DESKTOP, name: 'page-duplicates', fragment: '#/c/demo/duplicates', act: identical },
  {
    width: 390,
    height: 844,
    phone: true,
    name: 'page-phone',
    fragment: '#/c/demo?like=id%3Amug%2Fmug-01.jpg',
    act: pictures,
  },
];

try {
  execFileSync(process.execPath, [join(root, 'dist/scripts/demo/main.js'), gallery, queries], { stdio: 'ignore' });
  likeness('index', gallery, '-c', 'demo', '--folder-field', 'kind');
  await withServer(takeAll);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function withServer(use: (url: string) => Promise<void>): Promise<void> {
  const data = join(folder, 'data');
  const words = [cli, 'serve', '--port', '0', '--log-level', 'warn', '--data-dir', data];
  const server = spawn(process.execPath, words, { stdio: 'inherit' });
  try {
    await use(await urlOf(data));
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
}

/** The address that a server writes beside its lock, once it answers there. */
async function urlOf(data: string): Promise<string> {
  for (;;) {
    const text = await readFile(join(data, 'holder.json'), 'utf8').catch(() => '{}');
    const { url } = JSON.parse(text) as { url?: string };
    const answer = url === undefined ? undefined : await fetch(`${url}/readyz`).catch(() => undefined);
    if (url !== undefined && answer?.ok === true) return url;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function takeAll(url: string): Promise<void> {
  const client = new LikenessClient({ url });
  const copied = await client.original('demo', 'mug/mug-01.jpg');
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  for (const shot of SHOTS) {
    if (shot.act === identical) await client.put('demo', { id: 'upload/IMG_2041.jpg', bytes: copied });
    const { width, height, dark = false, phone = false } = shot;
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      hasTouch: phone,
      isMobile: phone,
    });
    const page = await context.newPage();
    await page.goto(`${url}/${shot.fragment}`);
    await shot.act?.(page);
    await page.screenshot({ path: join(root, `docs/images/${shot.name}.jpg`), type: 'jpeg', quality: 70 });
    await context.close();
  }
  await browser.close();
}

async function allShown(page: Page): Promise<void> {
  // the page's policy forbids waitForFunction to evaluate a text there
  while (!(await page.evaluate<boolean>(ALL_SHOWN))) await page.waitForTimeout(100);
}

async function pictures(page: Page): Promise<void> {
  await page.locator('.wall-picture img').first().waitFor();
  await allShown(page);
}

async function searchBySneaker(page: Page): Promise<void> {
  await pictures(page);
  await page.locator('input[type=file]').first().setInputFiles(join(queries, 'sneaker.jpg'));
  await page.locator('.score').first().waitFor();
  await pictures(page);
}

async function map(page: Page): Promise<void> {
  await page.locator('canvas').waitFor({ timeout: 120_000 });
  // pictures of the map come a few at a time
  await page.waitForTimeout(3000);
}

async function identical(page: Page): Promise<void> {
  await page.locator('.inline-choice select').selectOption('identical');
  await page.locator('.group img').first().waitFor();
  await allShown(page);
}
