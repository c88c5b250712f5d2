import { describe, expect, it } from 'vitest';
import { serveFake } from './serve-fake.js';

const keys = { readKeys: ['reader'], writeKeys: ['writer', 'second'] };
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const read = { url: '/v1/collections/default' };
const write = { method: 'PUT', url: '/v1/collections/fresh' } as const;

describe('API keys', () => {
  it.each([
    ['no key', {}, 401, 401],
    ['a wrong key', bearer('writer2'), 401, 401],
    ['an empty key', { 'x-api-key': '' }, 401, 401],
    ['a read key', bearer('reader'), 200, 403],
    ['a write key', bearer('writer'), 200, 201],
    ['another write key as X-API-Key', { 'x-api-key': 'second' }, 200, 201],
  ])('%s', async (_what, headers, readStatus, writeStatus) => {
    const { app } = await serveFake(keys);
    expect((await app.inject({ ...read, headers })).statusCode).toBe(readStatus);
    const written = await app.inject({ ...write, headers });
    expect(written.statusCode).toBe(writeStatus);
    if (writeStatus === 401) expect(written.headers['www-authenticate']).toBe('Bearer');
  });

  it('are asked for by every route that does not say otherwise', async () => {
    const { app } = await serveFake(keys);
    const open = ['/healthz', '/readyz', '/openapi.json', '/v1/session'];
    for (const url of open) expect((await app.inject(url)).statusCode).toBe(200);
    const { paths } = (await app.inject('/openapi.json')).json<{ paths: Record<string, Record<string, object>> }>();
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method, path]),
    );
    const guarded = routes.filter(([, path]) => !open.includes(path!));
    expect(guarded.length).toBeGreaterThan(15);
    for (const [method, path] of guarded) {
      const url = path!.replace('{collection}', 'default').replace('{id}', 'x');
      const response = await app.inject({ method: method!.toUpperCase() as 'GET', url });
      expect([method, path, response.statusCode]).toEqual([method, path, 401]);
    }
  });

  it('are not needed when there are none', async () => {
    const { app } = await serveFake();
    expect((await app.inject(write)).statusCode).toBe(201);
  });
});
