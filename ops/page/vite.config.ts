// Bundles the page into dist/page/, which the server hands out: `vite build ops/page`.
import { defineConfig } from 'vite'

export default defineConfig({
  base: './',
  build: {
    outDir: '../../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    // The policy of the page allows no code within it, and every browser it is for knows module preloading.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
})
