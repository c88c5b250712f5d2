import { describe, expect, it } from 'vitest';
import { LikenessError } from '../../engine/errors.js';
import { multipartBody, serveFake } from './serve-fake.js';

describe('health', () => {
  it('is live before it is ready', async () => {
    const { app, engine } = await serveFake();
    engine.ready = false;
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    const waiting = await app.inject('/readyz');
    expect([waiting.statusCode, waiting.headers['retry-after']]).toEqual([503, '1']);
    engine.ready = true;
    engine.damaged.push({ name: 'torn', error: new LikenessError('store_corrupt', 'at /data') });
    const ready = await app.inject('/readyz');
    expect(ready.json()).toEqual({
      ready: true,
      collections: [
        { name: 'default', state: 'ready' },
        { name: 'torn', state: 'quarantined', code: 'store_corrupt' },
      ],
    });
    expect((await app.inject('/v1/collections')).json()).toMatchObject({
      collections: [{ name: 'default' }, { name: 'torn', state: 'quarantined', reason: 'store_corrupt' }],
    });
  });
});

describe('metrics', () => {
  it('count requests, stages and images', async () => {
    const { app, engine } = await serveFake();
    await engine.default.put({ id: 'a', bytes: Buffer.from('a') });
    const search = multipartBody([{ field: 'image', value: 'a', filename: 'a' }]);
    await app.inject({ method: 'POST', url: '/v1/collections/default/search', ...search });
    const { body } = await app.inject('/metrics');
    expect(body).toContain('likeness_images{collection="default"} 1');
    const labels = 'method="POST",route="/v1/collections/:collection/search",status="200"';
    expect(body).toContain(`likeness_http_requests_total{${labels}} 1`);
    expect(body).toContain('likeness_stage_seconds_count{stage="search"} 1');
    expect(body).toContain('likeness_inference_threads 2');
    expect(body).toContain('nodejs_eventloop_lag_p99_seconds');
    engine.collections.clear();
    expect((await app.inject('/metrics')).body).not.toContain('likeness_images{');
  });
});

describe('the API document', () => {
  it('is OpenAPI 3.1 with every form of body', async () => {
    const { app } = await serveFake();
    interface Operation {
      requestBody?: { content: Record<string, object> };
      responses: Record<string, { content?: Record<string, object> }>;
    }
    const api = (await app.inject('/openapi.json')).json<{
      openapi: string;
      paths: Record<string, Record<string, Operation>>;
    }>();
    expect(api.openapi).toBe('3.1.0');
    const put = api.paths['/v1/collections/{collection}/images/{id}']!['put']!;
    expect(Object.keys(put.requestBody!.content)).toEqual(['image/*', 'multipart/form-data', 'application/json']);
    expect(Object.keys(put.responses)).toEqual(['200', '201', 'default']);
    for (const methods of Object.values(api.paths))
      for (const operation of Object.values(methods))
        expect(operation.responses['default']?.content).toHaveProperty(['application/problem+json']);
  });

  it('can be read at /docs, without help from elsewhere', async () => {
    const { app } = await serveFake();
    const page = await app.inject('/docs/');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    expect(page.body).not.toMatch(/(src|href)="https?:/);
    const { app: without } = await serveFake({ docs: 'off' });
    expect((await without.inject('/docs/')).statusCode).toBe(404);
  });
});

describe('limits and headers', () => {
  it('limits the rate, but not of health checks', async () => {
    const { app } = await serveFake({ rateLimitPerMinute: 2 });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await app.inject('/v1/collections')).statusCode);
    expect(statuses).toEqual([200, 200, 429]);
    const limited = await app.inject('/v1/collections');
    expect(limited.json()).toMatchObject({ code: 'rate_limited', status: 429 });
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    expect((await app.inject('/healthz')).statusCode).toBe(200);
  });

  it('answers pages of the allowed origins only', async () => {
    const { app } = await serveFake({ corsOrigins: ['https://shop.test'] });
    const origin = async (name: string) =>
      (await app.inject({ url: '/healthz', headers: { origin: name } })).headers['access-control-allow-origin'];
    expect(await origin('https://shop.test')).toBe('https://shop.test');
    expect(await origin('https://other.test')).toBeUndefined();
  });

  it('turns requests away once it drains', async () => {
    const { app } = await serveFake();
    app.drain();
    const response = await app.inject('/v1/collections');
    expect(response.json()).toMatchObject({ code: 'shutting_down', status: 503 });
    expect(response.headers).toMatchObject({ connection: 'close', 'retry-after': '1' });
  });
});
