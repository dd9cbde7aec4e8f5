/** Builds the browser code to app/static/dist; app/assets.py reads the manifest written there. */
import { defineConfig } from 'vitest/config';
import { rewrites } from './rewrites.ts';

export default defineConfig({
  // Chunks find each other relative to themselves, so the product may live under any path.
  base: './',
  plugins: [rewrites()],
  build: {
    outDir: '../static/dist',
    emptyOutDir: true,
    manifest: 'manifest.json',
    // The last Chromium for Windows 7, still met in hospitals, and browsers of its age.
    target: ['chrome109', 'firefox115', 'safari16.4'],
    // A data: URL would need an exception in the content security policy.
    assetsInlineLimit: 0,
    // bpmn-js and form-js are large by nature and are loaded only by the island that shows them.
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { input: ['src/main.ts'] },
  },
  test: {
    environment: 'happy-dom',
    // The clinics' clock, wherever the tests run: form-js writes times as the browser's zone has it.
    env: { TZ: 'Asia/Shanghai' },
    include: ['tests/**/*.test.{ts,tsx}'],
  },
});
