import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * Beside each text file its compressed forms, made once here instead of at every request. From what was written, not from the
 * bundle: until then Vite still puts names of files into the code, and the compressed form would lack them.
 */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      for (const fileName of Object.keys(bundle)) {
        if (dir === undefined || !/\.(js|css|svg)$/.test(fileName)) continue;
        const file = join(dir, fileName);
        const source = readFileSync(file);
        if (source.length < 1024) continue;
        writeFileSync(`${file}.br`, brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
        writeFileSync(`${file}.gz`, gzipSync(source, { level: 9 }));
      }
    },
  };
}

// In development: pages from here, everything else from a node, with a token instead of a cookie where one is given.
const node = process.env['CONSOLE_NODE'] ?? 'http://127.0.0.1:8080';
const token = process.env['CONSOLE_TOKEN'];
const proxied = { target: node, changeOrigin: true, ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}) };

export default defineConfig({
  root: new URL('./web', import.meta.url).pathname,
  plugins: [react(), compressed()],
  resolve: { conditions: ['@beacontower/source', 'module', 'browser', 'development|production'] },
  html: { cspNonce: '{{nonce}}' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_200,
  },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': proxied, '/docs': proxied } },
});
