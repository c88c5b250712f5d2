import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LikenessError } from '../../engine/errors.js';
import { isPublicAddress } from '../../server/public-address.js';
import { UrlFetcher, type Network, type UrlFetchOptions } from '../../server/url-fetch.js';
import { serveFake } from './serve-fake.js';

const loopback = [{ address: '127.0.0.1', family: 4 }];
/** Every name is this machine, which may be reached. */
const here: Network = { resolve: () => Promise.resolve(loopback), mayReach: () => true };

async function listen(handler: RequestListener): Promise<number> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function fetcher(port: number, options: Partial<UrlFetchOptions> = {}): UrlFetcher {
  const allowHosts = [`pictures.test:${port}`, `*.cdn.test:${port}`];
  return new UrlFetcher({ enabled: true, allowHosts, maxBytes: 1000, timeoutMs: 2000, network: here, ...options });
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const outcome = await promise.then(
    () => 'no error',
    (error: unknown) => error,
  );
  return outcome instanceof LikenessError ? outcome.code : String(outcome);
}

const never = new AbortController().signal;

describe('imageUrl', () => {
  it('is fetched, across redirects', async () => {
    const port = await listen((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: `http://x.cdn.test:${port}/b` }).end();
      else response.end(`${request.headers.host ?? ''} bytes`);
    });
    const bytes = await fetcher(port).fetch(`http://pictures.test:${port}/a`, never);
    expect(bytes.toString()).toBe(`x.cdn.test:${port} bytes`);
  });

  it.each([
    ['another scheme', 'file:///etc/passwd'],
    ['another scheme yet', 'ftp://pictures.test/x'],
    ['no URL', 'pictures'],
    ['a password', 'http://a:b@pictures.test:PORT/'],
    ['another host', 'http://other.test:PORT/'],
    ['a host that only ends alike', 'http://evilcdn.test:PORT/'],
    ['another port', 'http://pictures.test:1/'],
    ['an address in place of the name', 'http://127.0.0.1:PORT/'],
    ['an address in disguise', 'http://0x7f.1:PORT/'],
  ])('is refused: %s', async (_what, url) => {
    const port = await listen((_request, response) => response.end('no'));
    expect(await codeOf(fetcher(port).fetch(url.replace('PORT', String(port)), never))).toBe('url_forbidden');
  });

  it('without an allow-list reaches ordinary ports only', async () => {
    const open = (url: string) => codeOf(fetcher(0, { allowHosts: [], timeoutMs: 300 }).fetch(url, never));
    expect(await open('http://any.test:8080/')).toBe('url_forbidden');
    expect(await open('https://any.test/')).toBe('url_fetch_failed');
  });

  it('is refused where any of the addresses is not public', async () => {
    const addresses = [
      { address: '8.8.8.8', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ];
    const network: Network = { resolve: () => Promise.resolve(addresses), mayReach: isPublicAddress };
    expect(await codeOf(fetcher(80, { network }).fetch('http://pictures.test/', never))).toBe('url_forbidden');
  });

  it('checks each redirect anew', async () => {
    let asked = 0;
    const port = await listen((_request, response) => {
      asked += 1;
      response.writeHead(302, { location: `http://hidden.cdn.test:${port}/` }).end();
    });
    const network: Network = {
      resolve: (name) => Promise.resolve(name === 'pictures.test' ? loopback : [{ address: '10.0.0.1', family: 4 }]),
      mayReach: (address) => address === '127.0.0.1',
    };
    expect(await codeOf(fetcher(port, { network }).fetch(`http://pictures.test:${port}/`, never))).toBe(
      'url_forbidden',
    );
    expect(asked).toBe(1);
  });

  it('connects to the address that was checked, whatever the name says by then', async () => {
    const port = await listen((_request, response) => response.end('first'));
    let resolved = 0;
    const network: Network = {
      // a second answer would lead elsewhere
      resolve: () => Promise.resolve(resolved++ === 0 ? loopback : [{ address: '192.0.2.1', family: 4 }]),
      mayReach: () => true,
    };
    const bytes = await fetcher(port, { network }).fetch(`http://pictures.test:${port}/`, never);
    expect([bytes.toString(), resolved]).toEqual(['first', 1]);
  });

  it('has caps on redirects, bytes and time', async () => {
    const port = await listen((request, response) => {
      if (request.url === '/loop') response.writeHead(302, { location: '/loop' }).end();
      else if (request.url === '/announced') response.end(Buffer.alloc(1001));
      else if (request.url === '/chunked') response.write(Buffer.alloc(600), () => response.end(Buffer.alloc(600)));
      else if (request.url === '/missing') response.writeHead(404).end();
      // any other path is never answered
    });
    const fetch = (path: string) =>
      codeOf(fetcher(port, { timeoutMs: 400 }).fetch(`http://pictures.test:${port}${path}`, never));
    expect(await fetch('/loop')).toBe('url_fetch_failed');
    expect(await fetch('/announced')).toBe('too_many_bytes');
    expect(await fetch('/chunked')).toBe('too_many_bytes');
    expect(await fetch('/missing')).toBe('url_fetch_failed');
    expect(await fetch('/silent')).toBe('url_fetch_failed');
  });

  it('is stored with the address it came from', async () => {
    const port = await listen((_request, response) => response.end('picture'));
    const url = `http://pictures.test:${port}/a.png`;
    const config = { urlFetch: 'on', urlAllowHosts: [`pictures.test:${port}`] } as const;
    const { app, engine } = await serveFake({ ...config, urlAllowHosts: [...config.urlAllowHosts] }, { network: here });
    const response = await app.inject({
      method: 'PUT',
      url: '/v1/collections/default/images/u',
      payload: { imageUrl: url },
    });
    expect(response.statusCode).toBe(201);
    expect(engine.default.images.get('u')?.record.source).toEqual({ kind: 'url', url });
  });
});

describe('public addresses', () => {
  it.each(['8.8.8.8', '2606:4700::1111'])('%s is one', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ...['10.0.0.1', '172.16.0.1', '192.168.0.1', '127.0.0.1', '0.0.0.0', '169.254.169.254', '100.64.0.1', '224.0.0.1'],
    ...['240.0.0.1', '255.255.255.255', '198.18.0.1', '192.0.2.1', '::', '::1', 'fe80::1', 'fc00::1', 'ff02::1'],
    ...['::ffff:8.8.8.8', '64:ff9b::808:808', '2002:808:808::1', '2001::1', '::127.0.0.1', 'fe80::1%eth0', 'name', ''],
  ])('%s is none', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
