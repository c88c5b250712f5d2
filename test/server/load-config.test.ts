import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LikenessError } from '../../engine/errors.js';
import { describeConfig, loadConfig, namesOf, type ConfigSources } from '../../server/load-config.js';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'likeness-config-'));
});
afterAll(() => rmSync(cwd, { recursive: true }));

const writeConfig = (value: unknown, name = 'other.json') => {
  const file = join(cwd, name);
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
};
const fault = (sources: ConfigSources): string => {
  try {
    loadConfig({ cwd, ...sources });
  } catch (error) {
    if (error instanceof LikenessError && error.code === 'config_invalid') return error.message;
  }
  return 'no fault';
};

describe('the config', () => {
  it('has defaults for everything', () => {
    expect(loadConfig({ cwd })).toMatchObject({ host: '127.0.0.1', port: 3000, readKeys: [], urlFetch: 'off' });
  });

  it('takes flags over variables over the file', () => {
    const file = writeConfig({ port: 1, efSearch: 11, maxQueuedRequests: 1 });
    const env = { LIKENESS_PORT: '2', LIKENESS_EF_SEARCH: '22', LIKENESS_MAX_IMAGE_BYTES: '' };
    expect(loadConfig({ cwd, file, env, flags: { port: '3', host: undefined } })).toMatchObject({
      ...{ port: 3, efSearch: 22, maxQueuedRequests: 1, maxImageBytes: 20 * 1024 * 1024 },
    });
  });

  it('reads likeness.config.json of the folder by itself', () => {
    const file = writeConfig({ port: 4 }, 'likeness.config.json');
    expect(loadConfig({ cwd }).port).toBe(4);
    rmSync(file);
  });

  it('takes lists as commas or arrays, and switches as words', () => {
    const env = { LIKENESS_READ_KEYS: 'a, b,', LIKENESS_ALLOW_UNAUTHENTICATED: 'yes' };
    const file = writeConfig({ corsOrigins: ['https://x'], keepOriginals: false });
    expect(loadConfig({ cwd, env, file })).toMatchObject({
      ...{ readKeys: ['a', 'b'], corsOrigins: ['https://x'], keepOriginals: false, allowUnauthenticated: true },
    });
  });

  it('names every bad value with its source', () => {
    const file = writeConfig({ efSearch: 'many', prot: 1 });
    const message = fault({ file, env: { LIKENESS_LOG_LEVEL: 'loud' }, flags: { port: '70000' } });
    expect(message).toContain(`file ${file}, efSearch = "many"`);
    expect(message).toContain(`file ${file}, prot: no such key`);
    expect(message).toContain('variable LIKENESS_LOG_LEVEL = "loud"');
    expect(message).toContain('flag --port = "70000"');
  });

  it('never shows a key, and takes none as a flag', () => {
    expect(fault({ file: writeConfig({ writeKeys: 'hush', readKeys: { k: 'hush' }, port: -1 }) })).not.toContain(
      'hush',
    );
    expect(loadConfig({ cwd, flags: { writeKeys: 'hush' } }).writeKeys).toEqual([]);
  });

  it('refuses a file that is missing or no object', () => {
    expect(fault({ file: 'missing.json' })).toContain('missing.json');
    expect(fault({ file: writeConfig('[1]') })).toContain('expected a JSON object');
    expect(fault({ file: writeConfig('{') })).toContain('other.json');
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'example.com'])('asks for keys when listening at %s', (host) => {
    expect(fault({ flags: { host } })).toContain(`flag --host = "${host}": listening beyond this machine needs`);
    expect(loadConfig({ cwd, flags: { host, allowUnauthenticated: true } }).host).toBe(host);
    expect(loadConfig({ cwd, flags: { host }, env: { LIKENESS_WRITE_KEYS: 'k' } }).host).toBe(host);
  });

  it('keeps the byte caps in order', () => {
    expect(fault({ flags: { maxBodyBytes: '2000' } })).toContain('expected at least maxImageBytes');
    expect(fault({ flags: { maxBytesInFlight: '2000' } })).toContain('expected at least maxBodyBytes');
  });
});

describe('its description', () => {
  it('names every key with its default', () => {
    const rows = describeConfig();
    expect(rows.find(({ key }) => key === 'maxImageBytes')).toEqual({
      ...{ key: 'maxImageBytes', flag: '--max-image-bytes', env: 'LIKENESS_MAX_IMAGE_BYTES', default: '20971520' },
      description: 'largest accepted picture, bytes',
    });
    expect(rows.find(({ key }) => key === 'writeKeys')).not.toHaveProperty('flag');
    expect(rows.filter(({ description }) => description === '')).toEqual([]);
    expect(namesOf('indexM')).toEqual({ flag: '--index-m', env: 'LIKENESS_INDEX_M' });
  });
});
