import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const ADMIN = process.env.ADMIN_URL ?? 'http://localhost:4100';

// What is built is what is sent, whatever the environment of whoever builds it says.
if (process.argv.includes('build')) process.env.NODE_ENV = 'production';

/** The workspace's own packages are built in from their sources. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  resolve: { conditions: ['@linkbroker/source', 'module', 'browser', 'production'] },
  // The admin app puts a fresh one in for every page it sends.
  html: { cspNonce: '{{nonce}}' },
  build: {
    target: 'es2023',
    // A picture as a data: address would need a hole in the policy.
    assetsInlineLimit: 0,
    sourcemap: false,
    manifest: true,
  },
  server: {
    proxy: {
      // To the admin app these requests come from its own pages.
      '/api': { target: ADMIN, headers: { origin: new URL(ADMIN).origin } },
    },
  },
});
