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
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Few chunks, since what stands together compresses better: what every page has, and what each page with a
          // cart has. What only some pages of the account use of the libraries stays with them.
          groups: [
            { name: 'vendor', test: /node_modules(?!.*(infiniteQuery|useInfinite|queriesObserver|useQueries))/i },
            { name: 'app', test: /\/(client|realtime)\/src\/|\/store\/src\/(api|app|ui|chat\/state|cart\/(store|shown|reconcile)|catalogue\/(question|delivery|Search)|i18n\/\w+\.ts)/ },
            { name: 'cart', test: /\/store\/src\/cart\/(Lines|Totals|Coupon|estimate)/ },
          ],
        },
      },
    },
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
