// Lighthouse, phone profile, on home, a category, a product and the checkout with something in the cart: the median of
// RUNS runs of each class. Fails where one is below LEAST. BASE=http://127.0.0.1:8080 node measure.mjs
import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'
import puppeteer from 'puppeteer-core'

const { BASE: base, RUNS = '5', LEAST = '95', CHROMIUM = '/usr/bin/chromium' } = process.env
const classes = ['performance', 'accessibility', 'best-practices', 'seo']
const pages = { home: '/', category: '/collections/ceramics', product: '/products/ember-stoneware-mug', checkout: '/checkout' }

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

async function api(path, body) {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${base}/api/v1${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : {})
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

/** A cart with one thing in it. */
async function filledCart() {
  const { variants } = await api('/products/ember-stoneware-mug')
  const { id } = await api('/carts', {})
  await api(`/carts/${id}/lines`, { variant_id: variants[0].id, quantity: 1 })
  return id
}

const chrome = await launch({
  chromePath: CHROMIUM,
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}`, defaultViewport: null })
const flags = { port: chrome.port, output: 'json', logLevel: 'error', onlyCategories: classes }

// What a browser keeps for a shop is not cleared between runs, its cache is: each run is a first visit with this cart.
const tab = await browser.newPage()
await tab.goto(`${base}/returns`)
await tab.evaluate((cart) => localStorage.setItem('souk.cart', JSON.stringify(cart)), await filledCart())
await tab.close()

/** A trace in which the browser forgot to note the beginning of the visit is no measure: another one is taken, twice. */
async function measured(name, path) {
  for (let attempt = 1; ; attempt += 1) {
    const { lhr } = await lighthouse(base + path, flags)
    if (!lhr.runtimeError) return lhr
    if (attempt === 3) throw new Error(`${name}: ${lhr.runtimeError.message}`)
    console.log(`${name}: ${lhr.runtimeError.code}, measured again`)
  }
}

let failed = false
for (const [name, path] of Object.entries(pages)) {
  const runs = []
  for (let run = 0; run < Number(RUNS); run += 1) {
    runs.push(await measured(name, path))
  }
  const scores = classes.map((key) => Math.round(100 * median(runs.map(({ categories }) => categories[key].score))))
  const metric = (key) => median(runs.map(({ audits }) => audits[key].numericValue))
  const scripts = runs[0].audits['network-requests'].details.items.filter(({ resourceType }) => resourceType === 'Script')
  const kib = scripts.reduce((sum, { transferSize }) => sum + transferSize, 0) / 1024
  const [first, largest, blocked, shift] = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift'].map(metric)
  console.log(
    `${name.padEnd(9)} ${classes.map((key, index) => `${key} ${scores[index]}`).join('  ')}  ` +
      `first paint ${(first / 1000).toFixed(2)} s  largest ${(largest / 1000).toFixed(2)} s  ` +
      `blocked ${Math.round(blocked)} ms  shift ${shift.toFixed(3)}  script ${kib.toFixed(1)} KiB`,
  )
  for (const [index, key] of classes.entries()) {
    if (scores[index] >= Number(LEAST)) continue
    failed = true
    const lost = runs[0].categories[key].auditRefs.filter(({ id, weight }) => weight > 0 && (runs[0].audits[id].score ?? 1) < 0.9)
    console.log(`FAILED ${name}: ${key} ${scores[index]}, for ${lost.map(({ id }) => `${id} (${runs[0].audits[id].displayValue ?? runs[0].audits[id].title})`).join('; ')}`)
  }
}
await browser.disconnect()
chrome.kill()
process.exit(failed ? 1 : 0)
