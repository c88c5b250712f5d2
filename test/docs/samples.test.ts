import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../engine/package-root.js';
import { manualPages } from '../../scripts/docs/manual-pages.js';
import { codeSamples, shellCommands, type CodeSample } from './code-samples.js';
import { openSandbox, type Sandbox } from './sandbox.js';

/** What a sample's line must begin with to be a command at all; other samples are files, formulas and traces. */
const PROGRAMS =
  /^(npm|npx|node|curl|docker|buildah|sudo|git|apt-get|debootstrap|chroot|tar|mkdir|ln|rm|install|cd|cp|echo|umask|python|\.venv\/|base=|export|DAMAGE_)/;
/** Run in the sandbox. */
const RUN = /^(npm start --|npx likeness|curl) /;
/** Commands that no test can run, with the reason; everything else must run. */
const NOT_RUN: [RegExp, string][] = [
  [/^npm (ci|test|run|pack|install)\b/, 'the set-up itself, which CI does'],
  [
    /^(docker|buildah|sudo|apt-get|debootstrap|chroot|tar|install|mkdir|ln|rm|umask|git|cd|cp|echo)\b|^base=/,
    "changes the machine, or needs a container's engine",
  ],
  [/^(node dist\/|DAMAGE_)/, 'a bench or soak, minutes long'],
  [/^(python|\.venv\/|export )/, 'training, which needs PyTorch'],
  [/^npm start -- detector add\b/, 'a network that is not in the repository'],
  [
    /^npm start -- (whiten|tune|calibrate|dedupe|categories train|classical learn)\b/,
    'learns from hundreds of pictures, more than the sandbox has',
  ],
  [/ -c (shop|fashion)\b|collections\/fashion\b/, 'a collection with labels, domains or words of its owner'],
  [/^npx vitest /, 'the tests themselves'],
  [/^npm start -- serve\b/, 'runs beside the samples already'],
];

const root = packageRoot();
const pages = (await manualPages()).filter((page) => !page.endsWith('command-line.md'));
const texts = new Map(await Promise.all(pages.map(async (page) => [page, await readFile(page, 'utf8')] as const)));

function isShell(sample: CodeSample): boolean {
  return ['sh', 'bash', ''].includes(sample.language) && PROGRAMS.test(shellCommands(sample)[0] ?? '');
}

function reasonNotToRun(command: string): string | undefined {
  return NOT_RUN.find(([pattern]) => pattern.test(command))?.[1];
}

/** Runs one sample of TypeScript against the sandbox's server. */
async function runTypeScript(sandbox: Sandbox, { text, line }: CodeSample): Promise<void> {
  const entries = { client: 'client/likeness-client.js', engine: 'engine/engine.js' };
  const source = text.replace(
    /(?<=from ')likeness\/(client|engine)(?=')/g,
    (_, name: keyof typeof entries) => pathToFileURL(join(root, 'dist', entries[name])).href,
  );
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  const file = await sandbox.write(`sample-${line}.mjs`, outputText);
  await promisify(execFile)(process.execPath, [file], { cwd: join(file, '..') });
}

describe('the samples of the manual', () => {
  it('are found at all', () => {
    const page = 'text\n\n    npm start -- stats  # look\n    curl a \\\n      b\n\n```ts\nlet x = 1;\n```\n';
    const samples = codeSamples(page);
    expect(samples.map(({ language, line }) => [language, line])).toEqual([
      ['', 3],
      ['ts', 8],
    ]);
    expect(shellCommands(samples[0]!)).toEqual(['npm start -- stats', 'curl a b']);
    expect([...texts.values()].flatMap(codeSamples).filter(isShell).length).toBeGreaterThan(10);
  });

  it.each(pages.map((page) => [basename(page), page]))(
    '%s: every command runs, or says why it cannot',
    async (_, page) => {
      const samples = codeSamples(texts.get(page)!);
      const commands = samples.filter(isShell).flatMap(shellCommands);
      for (const command of commands) expect(RUN.test(command) || reasonNotToRun(command), command).toBeTruthy();
      const runnable = commands.filter((command) => reasonNotToRun(command) === undefined);
      const programs = samples.filter(({ language }) => language === 'ts');
      if (runnable.length + programs.length === 0) return;
      const sandbox = await openSandbox();
      for (const command of runnable) {
        const { code, output } = await sandbox.run(command);
        expect({ command, code, output: code === 0 ? '' : output }).toEqual({ command, code: 0, output: '' });
      }
      for (const program of programs) await runTypeScript(sandbox, program);
    },
    300_000,
  );

  it.each(pages.map((page) => [basename(page), page]))('%s: the scripts that it names are there', (_, page) => {
    const named = texts.get(page)!.matchAll(/dist\/(scripts\/[\w/-]+)\.js|\b(scripts\/[\w/-]+\.py)\b/g);
    const missing = Array.from(named, ([, built, python]) => (built === undefined ? python! : `${built}.ts`));
    expect(missing.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it.each(pages.map((page) => [basename(page), page]))('%s: JSON is JSON', (_, page) => {
    for (const { text } of codeSamples(texts.get(page)!)) {
      if (/^[{[]\s*"/.test(text)) expect(() => JSON.parse(text) as unknown, text).not.toThrow();
    }
  });
});
