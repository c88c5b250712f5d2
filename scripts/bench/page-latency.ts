/**
 * How long after a picture was chosen on the page the first result is on the screen (its place and score, then its picture),
 * beside what the API itself takes for the same search, and beside the least that this browser takes: the same request from a
 * line of script, and one word put on the screen. All from this machine, in turns, none while another is at work.
 *
 *     node dist/scripts/bench/page-latency.js http://localhost:3000 COLLECTION FOLDER_OF_PICTURES [ROUNDS]
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { chromium, type Page } from 'playwright-core';
import { LikenessClient } from '../../client/likeness-client.js';
import { median } from './median.js';

/** As the page asks: see server/web/search/result-pages.ts. */
const OPTIONS = { k: 60, include: ['metadata', 'image'] as ('metadata' | 'image')[] };
const WARM_UP = 3;
/** Thumbnails of all other hits are made after the first is seen. */
const SETTLE_MS = 1500;

/**
 * Runs in the page: a choice of this file, and when the first hit, then its picture, is in the frame that is drawn next.
 * It waits for changes of the page, since to look at every frame would have the browser make them all.
 */
const CHOOSE_AND_SEE = (base64: string) => `(async () => {
  const bytes = Uint8Array.from(atob('${base64}'), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], 'query.jpg', { type: 'image/jpeg' }));
  const input = document.querySelector('input[type=file]');
  const first = () => document.querySelector('.wall-picture[data-index="0"]:has(.score)');
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())));
  const found = new Promise((resolve) => {
    const look = () => first() && resolve(first().querySelector('img'));
    new MutationObserver(look).observe(document.querySelector('.wall'), { childList: true, subtree: true });
  });
  input.files = transfer.files;
  const start = performance.now();
  input.dispatchEvent(new Event('change', { bubbles: true }));
  const image = await found;
  const placed = (await frame()) - start;
  if (!image.complete) await new Promise((resolve) => image.addEventListener('load', resolve));
  return { placed, drawn: (await frame()) - start };
})()`;

/** Runs in the page: the same search without the page, and one word of the answer drawn. */
const ASK_AND_SEE = (base64: string) => `(async () => {
  const bytes = Uint8Array.from(atob('${base64}'), (letter) => letter.charCodeAt(0));
  const start = performance.now();
  const form = new FormData();
  form.append('options', '${JSON.stringify(OPTIONS)}');
  form.append('image', new File([bytes], 'query.jpg', { type: 'image/jpeg' }));
  const collection = location.hash.split('/').pop();
  const answer = await (await fetch('/v1/collections/' + collection + '/search', { method: 'POST', body: form })).json();
  document.querySelector('h1').textContent = answer.hits[0].id;
  await new Promise((resolve) => requestAnimationFrame(resolve));
  return performance.now() - start;
})()`;

interface Seen {
  placed: number;
  drawn: number;
}

const [url = 'http://localhost:3000', collection = 'demo', folder = 'demo-queries', rounds = '20'] =
  process.argv.slice(2);
const names = (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name));
const pictures = await Promise.all(names.map((name) => readFile(join(folder, name))));
const client = new LikenessClient({ url });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const times = { least: [] as number[], placed: [] as number[], drawn: [] as number[], api: [] as number[] };
for (let round = -WARM_UP; round < Number(rounds); round++) {
  const picture = pictures[(round + WARM_UP) % pictures.length]!;
  const least = await throughScript(page, picture);
  const shown = await throughPage(page, picture);
  const answered = await throughApi(picture);
  if (round < 0) continue;
  times.least.push(least);
  times.placed.push(shown.placed);
  times.drawn.push(shown.drawn);
  times.api.push(answered);
}
await browser.close();
const api = median(times.api);
console.log(`API ${api.toFixed(0)} ms`);
const NAMES = { least: 'one word by script', placed: 'first result placed', drawn: 'first result drawn' } as const;
for (const [what, name] of Object.entries(NAMES) as [keyof typeof NAMES, string][]) {
  const ms = median(times[what]);
  console.log(`${name} ${ms.toFixed(0)} ms: ${(ms / api).toFixed(2)} times`);
}

async function openAnew(at: Page): Promise<void> {
  await at.goto('about:blank');
  await at.goto(`${url}/#/c/${collection}`);
  await at.locator('.wall-picture img').first().waitFor();
  await at.waitForTimeout(SETTLE_MS);
}

async function throughScript(at: Page, picture: Buffer): Promise<number> {
  await openAnew(at);
  return at.evaluate<number>(ASK_AND_SEE(picture.toString('base64')));
}

async function throughPage(at: Page, picture: Buffer): Promise<Seen> {
  await openAnew(at);
  const seen = await at.evaluate<Seen>(CHOOSE_AND_SEE(picture.toString('base64')));
  await at.waitForTimeout(SETTLE_MS);
  return seen;
}

async function throughApi(picture: Buffer): Promise<number> {
  const start = performance.now();
  await client.search(collection, { images: [picture] }, OPTIONS);
  return performance.now() - start;
}
