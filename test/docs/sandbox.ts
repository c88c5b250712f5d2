import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../engine/package-root.js';
import { startServe } from '../support/cli.js';
import { writePictures } from '../support/gallery.js';
import { drawPicture } from '../support/pictures.js';
import { tempFolder } from '../support/temp-folder.js';

/** What a command of the manual did. */
export interface CommandResult {
  code: number;
  output: string;
}

/** A folder with all that the manual's samples name, and a server over its ./index-data. */
export interface Sandbox {
  run(command: string): Promise<CommandResult>;
  /** Writes a file there. */
  write(name: string, text: string): Promise<string>;
  url: string;
}

/** `npm start --` and `npx likeness` are the built program; curl fails where the server does. */
const PRELUDE = `
npm() { if [ "$1" = start ]; then shift 2; node "$LIKENESS_SCRIPT" "$@"; else command npm "$@"; fi; }
npx() { if [ "$1" = likeness ]; then shift; node "$LIKENESS_SCRIPT" "$@"; else command npx "$@"; fi; }
curl() { command curl --silent --show-error --fail-with-body "$@"; }
`;

/** The server's address as the manual writes it. */
const MANUAL_URL = /http:\/\/(localhost|127\.0\.0\.1):3000/g;

export async function openSandbox(): Promise<Sandbox> {
  const folder = await tempFolder();
  await writeFixtures(folder);
  const { url } = await startServe(['--data-dir', join(folder, 'index-data')]);
  await untilReady(url);
  await fetch(`${url}/v1/collections/shop`, { method: 'PUT' });
  const script = join(packageRoot(), 'scripts', 'likeness.cjs');
  const env = {
    ...process.env,
    ...{ HOME: folder, LIKENESS_SCRIPT: script, LIKENESS_INFERENCE_THREADS: '1', LIKENESS_MODEL: 'first' },
  };
  return {
    url,
    run: async (command) => {
      await drawMissing(folder, url, command);
      return new Promise((resolve) => {
        const text = PRELUDE + command.replace(MANUAL_URL, url);
        execFile('bash', ['-c', text], { cwd: folder, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
          resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, output: stdout + stderr }),
        );
      });
    },
    write: async (name, text) => {
      await drawMissing(folder, url, text);
      await writeFile(join(folder, name), text.replace(MANUAL_URL, url));
      return join(folder, name);
    },
  };
}

/** A picture for each one that the command names, stored too, so that it can be named by its id. */
async function drawMissing(folder: string, url: string, command: string): Promise<void> {
  const names = [...command.matchAll(/(?<![\w/.-])([\w-]+)\.jpg\b/g)].map(([, name]) => name!);
  for (const name of names.filter((it) => !existsSync(join(folder, `${it}.jpg`)))) {
    const seed = Array.from(name, (letter) => letter.charCodeAt(0)).reduce((sum, code) => sum + code, 0);
    const body = await drawPicture(seed, { width: 480, height: 360 });
    await writeFile(join(folder, `${name}.jpg`), body);
    const stored = `${url}/v1/collections/default/images/${name}.jpg`;
    await fetch(stored, { method: 'PUT', headers: { 'content-type': 'image/jpeg' }, body });
  }
}

/** Labelled folders of pictures, and models to add. */
async function writeFixtures(folder: string): Promise<void> {
  const pictures = (prefix: string) =>
    Object.fromEntries(
      [1, 2, 3, 4].flatMap((n) => [
        [`${prefix}/red/${n}.png`, n],
        [`${prefix}/blue/${n}.png`, n + 10],
      ]),
    );
  await writePictures(folder, {
    ...pictures('Pictures'),
    ...pictures('street'),
    ...pictures('shop'),
  });
  await symlink('Pictures', join(folder, 'FOLDER'));
  await copyModel(folder, 'yours', join(folder, 'index-data', 'models', 'yours'));
  await copyModel(folder, 'resnet50', folder);
}

/** The quickest bundled network under another name. */
async function copyModel(folder: string, name: string, target: string): Promise<void> {
  const source = join(packageRoot(), 'models', 'first');
  const manifest = JSON.parse(await readFile(join(source, 'manifest.json'), 'utf8')) as Record<string, unknown>;
  await mkdir(target, { recursive: true });
  await cp(join(source, 'projection.f32'), join(target, 'projection.f32'));
  const file = target === folder ? `${name}.onnx` : 'model.onnx';
  await cp(join(source, 'model.onnx'), join(target, file));
  const manifestFile = target === folder ? `${name}.json` : 'manifest.json';
  await writeFile(join(target, manifestFile), JSON.stringify({ ...manifest, name, file }));
}

async function untilReady(url: string): Promise<void> {
  while ((await fetch(`${url}/readyz`)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
}
