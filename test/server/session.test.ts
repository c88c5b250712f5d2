import { describe, expect, it } from 'vitest';
import { keyOfSession, makeSession, sessionOf } from '../../server/sessions.js';
import { serveFake } from './serve-fake.js';

const keys = { readKeys: ['reader'], writeKeys: ['writer'] };
const SESSION = { url: '/v1/session' };
const write = { method: 'PUT', url: '/v1/collections/fresh' } as const;

async function signIn(key: string) {
  const { app } = await serveFake(keys);
  const answer = await app.inject({ method: 'POST', ...SESSION, payload: { key } });
  const header = String(answer.headers['set-cookie']);
  return { app, answer, header, cookie: header.split(';')[0]! };
}

describe('a session', () => {
  it('is what the key was, to <img> as well', async () => {
    const { app, answer, header, cookie } = await signIn('reader');
    expect(answer.json()).toMatchObject({ keys: true, access: 'read', urlFetch: false });
    expect(header).toMatch(/^likeness_session=\d+\.[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/);
    expect(header).not.toContain('reader');
    expect((await app.inject({ url: '/v1/collections', headers: { cookie } })).statusCode).toBe(200);
    expect((await app.inject({ ...SESSION, headers: { cookie: `a=b; ${cookie}` } })).json()).toMatchObject({
      access: 'read',
    });
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    expect((await app.inject({ ...write, headers })).statusCode).toBe(403);
  });

  it('is refused for a key that is not known', async () => {
    const { app, answer } = await signIn('guess');
    expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([401, undefined]);
    expect((await app.inject(SESSION)).json()).toMatchObject({ keys: true, access: 'none' });
  });

  it.each([
    ['a page of this server', { 'sec-fetch-site': 'same-origin' }, 201],
    [
      'a page of this server, in a browser that sends its origin only',
      { origin: 'http://here:3000', host: 'here:3000' },
      201,
    ],
    ['a page of another port', { 'sec-fetch-site': 'same-site', origin: 'http://here:3001', host: 'here:3000' }, 401],
    ['a page of elsewhere', { origin: 'http://elsewhere', host: 'here:3000' }, 401],
    ['nobody knows where', {}, 401],
  ])('changes something for %s', async (_from, headers, status) => {
    const { app, cookie } = await signIn('writer');
    expect((await app.inject({ ...write, headers: { cookie, ...headers } })).statusCode).toBe(status);
  });

  it('ends when it is told to, with its time, and with its key', async () => {
    const { app } = await signIn('writer');
    const ended = await app.inject({ method: 'DELETE', ...SESSION });
    expect([ended.statusCode, ended.headers['set-cookie']]).toEqual([
      204,
      expect.stringContaining('session=; Path=/; Max-Age=0'),
    ]);
    const session = makeSession('writer', 100);
    expect(keyOfSession(session, ['reader', 'writer'], 99)).toBe('writer');
    expect(keyOfSession(session, ['reader', 'writer'], 100)).toBeUndefined();
    expect(keyOfSession(session, ['other'], 99)).toBeUndefined();
  });

  it.each(['', '.', '100', '101.', '1e9.abc', `${'9'.repeat(400)}.x`, '999.AAAA'])(
    'cannot be made up: %j',
    (session) => {
      expect(keyOfSession(session, ['writer'], 1)).toBeUndefined();
    },
  );

  it('cannot be made to last longer', () => {
    const session = makeSession('writer', 100).replace(/^100/, '900');
    expect(keyOfSession(session, ['writer'], 200)).toBeUndefined();
    expect(sessionOf('xlikeness_session=a')).toBeUndefined();
  });

  it('is not needed where there are no keys', async () => {
    const { app } = await serveFake();
    expect((await app.inject(SESSION)).json()).toMatchObject({ keys: false, access: 'write' });
  });
});

describe('what a page asks first', () => {
  it('the models, and the fields of a collection', async () => {
    const { app, engine } = await serveFake();
    expect((await app.inject('/v1/models')).json()).toEqual({
      models: [
        { name: 'mine', bundled: false, default: false, problem: 'no network' },
        { name: 'small-bn-2', bundled: true, default: true },
      ],
    });
    await engine.default.put({ id: 'a', bytes: Buffer.from('1'), metadata: { kind: 'mug' } });
    expect((await app.inject('/v1/collections/default/fields')).json()).toEqual({
      ...{ images: 1, sampled: 1 },
      fields: [{ field: 'kind', images: 1, types: ['string'], distinct: 1, values: [{ value: 'mug', images: 1 }] }],
    });
  });
});
