import { defineConfig } from 'vite';

/** The explorer as local files, served by the gateway under /explorer/. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/explorer/',
  publicDir: false,
  // Its warnings are about directives in other people's packages.
  logLevel: 'error',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Monaco is what it is.
    chunkSizeWarningLimit: 10_000,
    reportCompressedSize: false,
    sourcemap: false,
  },
  worker: { format: 'es' },
});
