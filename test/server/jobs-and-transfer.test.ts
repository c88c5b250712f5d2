import { describe, expect, it } from 'vitest';
import { LikenessClient } from '../../client/likeness-client.js';
import { decodeFloats, encodeFloats } from '../../server/float-text.js';
import type { TransferLine } from '../../server/schemas.js';
import { latch, listenFake, serveFake } from './serve-fake.js';

const JOBS = '/v1/collections/default/jobs';

describe('jobs', () => {
  it('are started, run one of a kind at a time, and are told of until they are over', async () => {
    const { app, engine } = await serveFake();
    const hold = latch();
    engine.default.hold = hold.opened;
    const started = await app.inject({ method: 'POST', url: JOBS, payload: { kind: 'reembed', model: 'other' } });
    expect(started.statusCode).toBe(202);
    const job = started.json<{ id: string; state: string }>();
    expect(job.state).toBe('running');
    expect(started.headers.location).toBe(`${JOBS}/${job.id}`);
    const again = await app.inject({ method: 'POST', url: JOBS, payload: { kind: 'reembed', model: 'other' } });
    expect([again.statusCode, again.json<{ code: string }>().code]).toEqual([409, 'job_running']);
    const other = await app.inject({ method: 'POST', url: JOBS, payload: { kind: 'verify' } });
    expect(other.statusCode).toBe(202);
    hold.open();
    await expect
      .poll(async () => (await app.inject(`${JOBS}/${job.id}`)).json<object>())
      .toMatchObject({ state: 'done', result: { to: 'other' } });
    const list = (await app.inject(JOBS)).json<{ jobs: { kind: string }[] }>();
    expect(list.jobs.map(({ kind }) => kind)).toEqual(['verify', 'reembed']);
  });

  it.each([
    [{ kind: 'reembed' }, 400, 'invalid_request'],
    [{ kind: 'dance' }, 400, 'invalid_request'],
    [{ kind: 'verify', model: 'x' }, 400, 'invalid_request'],
    [{ kind: 'tune' }, 400, 'invalid_request'],
    [{ kind: 'tune', from: 'feedback', label: 'brand' }, 400, 'invalid_request'],
    [{ kind: 'tune', label: 'brand', folds: 1 }, 400, 'invalid_request'],
  ])('refuses %j', async (payload, status, code) => {
    const { app } = await serveFake();
    const response = await app.inject({ method: 'POST', url: JOBS, payload });
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([status, code]);
  });

  it('tune by labels, or go back, with defaults filled in', async () => {
    const { app } = await serveFake();
    const result = async (payload: object) => {
      const { id } = (await app.inject({ method: 'POST', url: JOBS, payload })).json<{ id: string }>();
      const told = async () => (await app.inject(`${JOBS}/${id}`)).json<{ state: string; result: object }>();
      await expect.poll(async () => (await told()).state).toBe('done');
      return (await told()).result;
    };
    const asked = { from: 'labels', label: 'brand', folds: 5, holdOut: 'classes', dryRun: false, revert: false };
    expect(await result({ kind: 'tune', label: 'brand' })).toMatchObject(asked);
    expect(await result({ kind: 'tune', revert: true })).toMatchObject({ revert: true });
  });

  it('says that a job is not known', async () => {
    const { app } = await serveFake();
    const response = await app.inject(`${JOBS}/none`);
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([404, 'job_not_found']);
  });
});

describe('export and import', () => {
  it('bring every record out and back in, through the client', async () => {
    const { url, engine } = await listenFake();
    await engine.default.put({ id: 'a/1', bytes: Buffer.from('1'), metadata: { n: 1 } });
    await engine.default.put({ id: 'b', bytes: Buffer.from('2') });
    const client = new LikenessClient({ url });
    const lines: TransferLine[] = [];
    for await (const line of client.exportImages('default')) lines.push(line);
    expect(lines.map(({ id, metadata }) => [id, metadata])).toEqual([
      ['a/1', { n: 1 }],
      ['b', {}],
    ]);
    const some: string[] = [];
    for await (const { id } of client.exportImages('default', { sample: 1 })) some.push(id);
    expect(some).toEqual(['a/1']);
    engine.default.images.clear();
    const results = await client.importImages('default', lines, 'f'.repeat(32));
    expect(results.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['a/1', 'added'],
      ['b', 'added'],
    ]);
    expect(engine.default.images.get('a/1')?.record.metadata).toEqual({ n: 1 });
  });

  it('refuses a line whose descriptor is no float32, and goes on with the next', async () => {
    const { url, engine } = await listenFake();
    await engine.default.put({ id: 'a', bytes: Buffer.from('1') });
    const client = new LikenessClient({ url });
    let line: TransferLine | undefined;
    for await (const exported of client.exportImages('default')) line = exported;
    const results = await client.importImages('default', [{ ...line!, descriptor: 'AAA=' }, line!], 'f'.repeat(32));
    expect(results.map(({ error, outcome }) => error?.code ?? outcome)).toEqual(['invalid_descriptor', 'replaced']);
  });
});

describe('float text', () => {
  it('keeps every bit', () => {
    const values = Float32Array.of(0, -0, 1e-45, 0.1, -3.5e38, NaN);
    expect(Buffer.from(decodeFloats(encodeFloats(values)).buffer)).toEqual(Buffer.from(values.buffer));
  });

  it.each(['', 'AAA='])('refuses %j', (text) => {
    expect(() => decodeFloats(text)).toThrow(expect.objectContaining({ code: 'invalid_descriptor' }) as Error);
  });
});
