import fastify from 'fastify';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LikenessClient } from '../../client/likeness-client.js';
import { EventStreams, type Watched } from '../../server/event-stream.js';
import { latch, listenFake, until } from './serve-fake.js';

const COLLECTION = '/v1/collections/default';

interface Told {
  event: string;
  data: { id?: string; state?: string; done?: number; images?: number };
}

/** The events of a stream as they come, until it ends or the test does. */
async function* eventsAt(url: string, headers: Record<string, string> = {}): AsyncGenerator<Told> {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const response = await fetch(url, { headers, signal: stop.signal });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(response.headers.get('cache-control')).toBe('no-store');
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const parts = (text + chunk).split('\n\n');
    text = parts.pop()!;
    for (const part of parts) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
      if (event !== undefined) yield { event, data: JSON.parse(data!) as Told['data'] };
    }
  }
}

async function nextOf(events: AsyncGenerator<Told>): Promise<Told | undefined> {
  const next = await events.next();
  return next.done === true ? undefined : next.value;
}

describe('the events of a job', () => {
  it('tell how far it is, until it is over', async () => {
    const { url, engine } = await listenFake();
    const [step, end] = [latch(), latch()];
    const job = engine.default.jobs.start('verify', async ({ onProgress }) => {
      onProgress(1, 3);
      await step.opened;
      onProgress(2, 3);
      await end.opened;
      return { checked: 3 };
    });
    const events = eventsAt(`${url}${COLLECTION}/jobs/${job.id}/events`);
    expect(await nextOf(events)).toMatchObject({ event: 'job', data: { id: job.id, state: 'running', done: 1 } });
    step.open();
    expect(await nextOf(events)).toMatchObject({ data: { state: 'running', done: 2 } });
    end.open();
    expect(await nextOf(events)).toMatchObject({ data: { state: 'done', result: { checked: 3 } } });
    expect(await nextOf(events)).toBeUndefined();
  });

  it('come to the client one by one', async () => {
    const { url, engine } = await listenFake();
    const end = latch();
    const job = engine.default.jobs.start('verify', () => end.opened);
    const client = new LikenessClient({ url });
    const states: string[] = [];
    for await (const { state } of client.followJob('default', job.id)) {
      states.push(state);
      end.open();
    }
    expect(states).toEqual(['running', 'done']);
    await expect(client.followJob('default', 'none').next()).rejects.toMatchObject({ code: 'job_not_found' });
  });

  it('are asked for again by the client when the connection breaks', async () => {
    const states = ['running', 'done'];
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`event: job\ndata: {"state":"${states.shift()!}"}\n\n`, () => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    onTestFinished(() => void server.close());
    const client = new LikenessClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    const told: string[] = [];
    for await (const { state } of client.followJob('default', 'a')) told.push(state);
    expect(told).toEqual(['running', 'done']);
  });

  it('end with a problem before they begin, where there is no such job', async () => {
    const { app } = await listenFake();
    const answer = await app.inject(`${COLLECTION}/jobs/none/events`);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, 'job_not_found']);
  });
});

describe('the events of a collection', () => {
  it('tell of every job and of the counts, at first and when they change', async () => {
    const { url, engine } = await listenFake();
    const over = engine.default.jobs.start('verify', () => Promise.resolve());
    await until(() => over.state === 'done');
    const events = eventsAt(`${url}${COLLECTION}/events`);
    expect(await nextOf(events)).toMatchObject({ event: 'job', data: { id: over.id, state: 'done' } });
    expect(await nextOf(events)).toMatchObject({ event: 'collection', data: { name: 'default', images: 0 } });
    await engine.default.put({ id: 'a', bytes: Buffer.from('a') });
    expect(await nextOf(events)).toMatchObject({ event: 'collection', data: { images: 1 } });
    const next = engine.default.jobs.start('calibrate', () => new Promise(() => undefined));
    expect(await nextOf(events)).toMatchObject({ event: 'job', data: { id: next.id, state: 'running' } });
  });

  it('end where the collection does', async () => {
    const { url, engine } = await listenFake();
    const events = eventsAt(`${url}${COLLECTION}/events`);
    expect(await nextOf(events)).toMatchObject({ event: 'collection' });
    await engine.delete('default');
    expect(await nextOf(events)).toBeUndefined();
  });

  it('are for those who may read: by key or by session', async () => {
    const { url } = await listenFake({ readKeys: ['reader'] });
    expect((await fetch(`${url}${COLLECTION}/events`)).status).toBe(401);
    const signedIn = await fetch(`${url}/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key: 'reader' }),
    });
    const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
    expect(await nextOf(eventsAt(`${url}${COLLECTION}/events`, { cookie }))).toMatchObject({ event: 'collection' });
  });
});

describe('streams of events', () => {
  it('do not hold up the end of the server', async () => {
    const { app, url } = await listenFake();
    const events = eventsAt(`${url}${COLLECTION}/events`);
    await nextOf(events);
    app.drain();
    expect(await nextOf(events)).toBeUndefined();
    const others = await listenFake();
    const open = eventsAt(`${others.url}${COLLECTION}/events`);
    await nextOf(open);
    await others.app.close();
    expect(await nextOf(open)).toBeUndefined();
  });

  it('are so many at most, and one that is left makes room; none counts for how long answers take', async () => {
    const { url, port } = await listenFake();
    const path = `${COLLECTION}/events`;
    const sockets = Array.from({ length: 64 }, () => connect(port, '127.0.0.1'));
    onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
    await Promise.all(
      sockets.map((socket) => {
        socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
        return new Promise((resolve) => socket.once('data', resolve));
      }),
    );
    const refused = await fetch(url + path);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    sockets[0]!.destroy();
    await expect
      .poll(async () => {
        const answer = await fetch(url + path);
        await answer.body?.cancel();
        return answer.status;
      })
      .toBe(200);
    await expect.poll(async () => countsOf(await (await fetch(`${url}/metrics`)).text())).toEqual([true, false]);
  });

  it('beat while nothing happens, and end after a time', async () => {
    const app = fastify();
    onTestFinished(() => app.close());
    const streams = new EventStreams(new AbortController().signal, { lookMs: 5, heartbeatMs: 20, lastMs: 300 });
    const watched: Watched[] = [{ event: 'job', key: 'a', version: '1', data: { a: 1 } }];
    app.decorateRequest('clientGone');
    app.get('/', (request, reply) => {
      request.clientGone = new AbortController().signal;
      return streams.answer(request, reply, () => Promise.resolve({ watched, over: false }));
    });
    const { body } = await app.inject('/');
    expect(body).toMatch(/^retry: 2000\n\nevent: job\ndata: \{"a":1\}\n\n(: still here\n\n)+$/);
  });
});

/** Whether streams count as answers, and whether they count in the time that answers take. */
function countsOf(metrics: string): boolean[] {
  return ['requests_total', 'request_seconds_count'].map((name) =>
    new RegExp(`likeness_http_${name}\\{[^}]*collection/events`).test(metrics),
  );
}
