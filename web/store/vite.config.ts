import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Where `npm run dev` finds the server.
const server = process.env.SOUK_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    // The edge reads it to know what a page loads.
    manifest: 'manifest.json',
    target: 'es2022',
    // The edge's policy allows no data: scripts and no inline styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': server,
      '/media': server,
      '/sandbox': server,
      '/ws': { target: server.replace('http', 'ws'), ws: true },
    },
  },
})
