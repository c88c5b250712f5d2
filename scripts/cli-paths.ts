import { resolve } from 'node:path';

/**
 * `npm start -- COMMAND` runs in the project's folder, but a path that the user types is meant from where they stood,
 * which npm tells. Under npx or installed, the two are the same.
 */
export function userFolder(env: NodeJS.ProcessEnv = process.env): string {
  const runByStart = env['npm_lifecycle_event'] === 'start' && env['npm_package_name'] === 'likeness';
  return runByStart ? (env['INIT_CWD'] ?? process.cwd()) : process.cwd();
}

/** @returns the path as the user meant it. */
export function userPath(path: string): string {
  return resolve(userFolder(), path);
}
