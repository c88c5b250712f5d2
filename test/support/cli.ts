import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { packageRoot } from '../../engine/package-root.js';

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  cwd?: string;
  env?: Record<string, string>;
}

/** Starts `likeness ...args` from the built output, with the quickest model and nothing of the tester's environment. */
export function startCli(args: string[], { cwd, env = {} }: CliOptions = {}): ChildProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(LIKENESS_|npm_|INIT_CWD)/.test(name));
  const script = join(packageRoot(), 'scripts', 'likeness.cjs');
  return spawn(process.execPath, [script, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...Object.fromEntries(inherited), LIKENESS_INFERENCE_THREADS: '1', LIKENESS_MODEL: 'first', ...env },
  });
}

/** @returns what a started command wrote and how it ended. */
export async function resultOf(child: ChildProcess): Promise<CliResult> {
  const result: CliResult = { code: null, stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (result.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (result.stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { ...result, code };
}

export function runCli(args: string[], options?: CliOptions): Promise<CliResult> {
  return resultOf(startCli(args, options));
}

/** Starts `likeness serve` on a free port, until the test is over. @returns its address, and a way to end it earlier */
export async function startServe(args: string[], env?: Record<string, string>) {
  const child = startCli(['serve', '--port', '0', '--log-level', 'silent', ...args], env === undefined ? {} : { env });
  const result = resultOf(child);
  const stop = async (): Promise<CliResult> => {
    child.kill('SIGTERM');
    return result;
  };
  onTestFinished(async () => {
    await stop();
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      const address = /listens at (\S+)/.exec(chunk.toString())?.[1];
      if (address !== undefined) resolve(address);
    });
    void result.then(({ stderr }) => reject(new Error(`the server ended: ${stderr}`)));
  });
  return { url, stop };
}
