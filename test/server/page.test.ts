import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildApp } from '../../server/app.js';
import { serverConfigSchema } from '../../server/config.js';
import { tempFolder } from '../support/temp-folder.js';
import { FakeEngine } from './fake-engine.js';

const SCRIPT = 'console.log("a page");'.repeat(50);

async function servePage(config: Record<string, unknown> = {}) {
  const pageFolder = await tempFolder();
  mkdirSync(join(pageFolder, 'assets'));
  writeFileSync(join(pageFolder, 'index.html'), '<!doctype html>');
  writeFileSync(join(pageFolder, 'assets/main-abc.js'), SCRIPT);
  const parsed = serverConfigSchema.parse({ logLevel: 'silent', ...config });
  const app = await buildApp({ engine: new FakeEngine(), config: parsed, pageFolder });
  onTestFinished(() => app.close());
  return app;
}

describe('the page', () => {
  it('lies at / with a policy that allows this server alone, and asks for no key', async () => {
    const app = await servePage({ writeKeys: ['secret'] });
    const { statusCode, headers, body } = await app.inject('/');
    expect([statusCode, body]).toEqual([200, '<!doctype html>']);
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect((await app.inject('/v1/collections')).statusCode).toBe(401);
  });

  it('sends its files compressed, to be kept for good, and not again', async () => {
    const app = await servePage();
    const ask = (headers: Record<string, string>) => app.inject({ url: '/assets/main-abc.js', headers });
    const plain = await ask({});
    expect([plain.body, plain.headers['content-encoding']]).toEqual([SCRIPT, undefined]);
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    });
    const br = await ask({ 'accept-encoding': 'gzip, br' });
    expect([br.headers['content-encoding'], brotliDecompressSync(br.rawPayload).toString()]).toEqual(['br', SCRIPT]);
    const gz = await ask({ 'accept-encoding': 'gzip' });
    expect([gz.headers['content-encoding'], gunzipSync(gz.rawPayload).toString()]).toEqual(['gzip', SCRIPT]);
    const again = await ask({ 'if-none-match': String(plain.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it('has its own files only: anything else is a problem as before', async () => {
    const app = await servePage();
    for (const url of ['/assets/other.js', '/assets/../index.html', '/index.html', '/collections'])
      expect((await app.inject(url)).json()).toMatchObject({ code: 'not_found' });
    expect((await app.inject('/openapi.json')).json<{ paths: object }>().paths).not.toHaveProperty('/');
  });
});
