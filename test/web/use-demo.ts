import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launch } from './browser.js';
import { startDemo, type DemoServer } from './demo-server.js';

interface Demo {
  server: DemoServer;
  browser: Browser;
}

/** A demo server and a browser for the tests of the block that asks for them; there once these begin. */
export function useDemo(config: Record<string, unknown> = {}): Demo {
  const demo = {} as Demo;
  beforeAll(async () => {
    [demo.server, demo.browser] = await Promise.all([startDemo(config), launch()]);
  });
  afterAll(async () => {
    await demo.browser.close();
    await demo.server.close();
  });
  return demo;
}
