import { defineConfig } from 'vite';

/** Builds the page to dist/web: hashed names under assets/, nothing inline, since the page's policy forbids it. */
export default defineConfig({
  // works under a proxy's path too
  base: './',
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // what is bundled keeps its licence beside it
    license: { fileName: 'licenses.md' },
  },
  worker: { format: 'es' },
  logLevel: 'warn',
});
