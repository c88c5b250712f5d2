import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './store-samples.js';

export type Child = ChildProcessByStdio<null, Readable, null>;

/** @returns the URL of a built module of engine/store, as a string literal for a script's import. */
export function builtModule(file: string): string {
  return JSON.stringify(new URL(`../../../dist/engine/store/${file}`, import.meta.url).href);
}

/** Runs JavaScript in a process of its own, killed at the latest when the test ends. */
export function startScript(script: string, args: string[]): Child {
  // from a file, since threads of a process started with --eval cannot load files
  const file = join(temporaryFolder(), 'script.mjs');
  writeFileSync(file, script);
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
