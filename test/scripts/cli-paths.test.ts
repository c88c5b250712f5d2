import { expect, it } from 'vitest';
import { userFolder } from '../../scripts/cli-paths.js';

it('is where the user stood when npm start ran the command, else the working directory', () => {
  const start = { npm_lifecycle_event: 'start', npm_package_name: 'likeness', INIT_CWD: '/home/me' };
  expect(userFolder(start)).toBe('/home/me');
  expect(userFolder({ ...start, npm_package_name: 'my-shop' })).toBe(process.cwd());
  expect(userFolder({ ...start, npm_lifecycle_event: 'npx' })).toBe(process.cwd());
  expect(userFolder({ INIT_CWD: '/home/me' })).toBe(process.cwd());
  expect(userFolder({ npm_lifecycle_event: 'start', npm_package_name: 'likeness' })).toBe(process.cwd());
});
