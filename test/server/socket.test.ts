import { Agent, request as httpRequest, type ClientRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { latch, listenFake, until } from './serve-fake.js';

const IMAGES = '/v1/collections/default/images';
const SEARCH = '/v1/collections/default/search';
const PNG = { 'content-type': 'image/png' };

/** Sends a request line and part of a body over a bare socket; the rest is up to the test. */
function startUpload(port: number, headers: string, start: string): Socket {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(`PUT ${IMAGES}/slow HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\n${headers}\r\n\r\n${start}`);
  return socket;
}

function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\r\n\r\n')) resolve(text);
    });
    socket.on('close', () => resolve(text));
    socket.on('error', () => undefined);
  });
}

const running = async (url: string): Promise<string> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return ['requests_running', 'requests_queued', 'bytes_in_flight']
    .map((name) => new RegExp(`^likeness_${name} (\\d+)$`, 'm').exec(text)?.[1] ?? '?')
    .join(' ');
};
const untilRunning = async (url: string, wanted: string): Promise<void> => {
  for (;;) if ((await running(url)) === wanted) return;
};

describe('slots over a socket', () => {
  it('are taken before the body comes and free again when the upload is broken off', async () => {
    const { url, port, engine } = await listenFake({ maxConcurrentRequests: 1, maxQueuedRequests: 0 });
    const upload = startUpload(port, 'content-length: 1000', 'abc');
    await untilRunning(url, '1 0 1000');
    const turnedAway = await fetch(`${url}${SEARCH}`, { method: 'POST', headers: PNG, body: 'x' });
    expect([turnedAway.status, turnedAway.headers.get('retry-after')]).toEqual([503, '1']);
    upload.destroy();
    await untilRunning(url, '0 0 0');
    expect((await fetch(`${url}${SEARCH}`, { method: 'POST', headers: PNG, body: 'x' })).status).toBe(200);
    expect(engine.default.images.size).toBe(0);
  });

  it('stay taken while work goes on for a client that has gone, and the engine is told', async () => {
    const { url, port, engine } = await listenFake({ maxConcurrentRequests: 1 });
    const gate = latch();
    engine.default.hold = gate.opened;
    const upload = startUpload(port, 'content-length: 3', 'abc');
    await until(() => engine.default.running === 1);
    upload.destroy();
    await until(() => engine.default.lastSignal?.aborted === true);
    expect(await running(url)).toBe('1 0 3');
    gate.open();
    await untilRunning(url, '0 0 0');
    expect(engine.default.images.size).toBe(0);
  });

  it('are waited for, and a client that goes while waiting leaves no trace', async () => {
    const { url, port, engine } = await listenFake({ maxConcurrentRequests: 1 });
    const gate = latch();
    engine.default.hold = gate.opened;
    const first = fetch(`${url}${IMAGES}/a`, { method: 'PUT', headers: PNG, body: 'a' });
    await until(() => engine.default.running === 1);
    const impatient = startUpload(port, 'content-length: 3', 'abc');
    await untilRunning(url, '1 1 1');
    const second = fetch(`${url}${IMAGES}/b`, { method: 'PUT', headers: PNG, body: 'b' });
    await untilRunning(url, '1 2 1');
    impatient.destroy();
    await untilRunning(url, '1 1 1');
    gate.open();
    expect([(await first).status, (await second).status]).toEqual([201, 201]);
    expect([...engine.default.images.keys()]).toEqual(['a', 'b']);
    await untilRunning(url, '0 0 0');
  });

  it('keep the number of searches at work, whatever the number of clients', async () => {
    const { url, engine } = await listenFake({ maxConcurrentRequests: 4 });
    await engine.default.put({ id: 'a', bytes: Buffer.from('a') });
    const gate = latch();
    engine.default.hold = gate.opened;
    const search = () => fetch(`${url}${SEARCH}`, { method: 'POST', headers: PNG, body: 'a' });
    const searches = Array.from({ length: 24 }, search);
    await untilRunning(url, '4 20 4');
    gate.open();
    const statuses = (await Promise.all(searches)).map(({ status }) => status);
    expect(statuses).toEqual(Array(24).fill(200));
    expect(engine.default.mostRunning).toBe(4);
  });
});

describe('bodies that are too large', () => {
  it('are refused by their announced length before a byte of them is read', async () => {
    const { url, port } = await listenFake({ maxConcurrentRequests: 1 });
    const answer = await answerOf(startUpload(port, 'content-length: 70000', ''));
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('too_many_bytes');
    await untilRunning(url, '0 0 0');
  });

  it('reserve the cap when they do not say, and are cut off at it', async () => {
    const { url, port, engine } = await listenFake({ maxConcurrentRequests: 1 });
    const upload = startUpload(port, 'transfer-encoding: chunked', '3\r\nabc\r\n');
    await untilRunning(url, `1 0 ${64 * 1024}`);
    const answered = answerOf(upload);
    upload.write(`11000\r\n${'x'.repeat(0x11000)}\r\n`);
    expect(await answered).toMatch(/^HTTP\/1.1 413 /);
    upload.destroy();
    await untilRunning(url, '0 0 0');
    expect(engine.default.images.size).toBe(0);
  });
});

describe('a connection', () => {
  it('is used again, also after an answer that came before the body was read', async () => {
    const { port } = await listenFake();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const send = (path: string, type = 'image/png', body = 'bytes'): Promise<[number, boolean]> =>
      new Promise((resolve, reject) => {
        const headers = { 'content-type': type, 'content-length': body.length };
        const sent: ClientRequest = httpRequest({ agent, port, path, method: 'PUT', headers }, (response) => {
          response.resume().on('end', () => resolve([response.statusCode ?? 0, sent.reusedSocket]));
        });
        sent.on('error', reject);
        sent.end(body);
      });
    expect(await send(`${IMAGES}/a`)).toEqual([201, false]);
    expect(await send('/v1/collections/none/images/a')).toEqual([404, true]);
    expect(await send('/nowhere')).toEqual([404, true]);
    // refused at its first file, with a second one that nobody will read
    const part = (field: string, value: string): string =>
      `--b\r\ncontent-disposition: form-data; name="${field}"; filename="f"\r\n\r\n${value}\r\n`;
    const form = `${part('photo', 'x')}${part('image', 'x'.repeat(240_000))}--b--`;
    expect(await send(`${IMAGES}/a`, 'multipart/form-data; boundary=b', form)).toEqual([400, true]);
    expect(await send(`${IMAGES}/b`)).toEqual([201, true]);
  });
});
