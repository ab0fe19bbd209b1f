// The way of a buyer in a real browser, against a running server: BASE=http://127.0.0.1:8080 node web/e2e/buying.mjs
import { chromium } from 'playwright-core'

const base = process.env.BASE ?? 'http://127.0.0.1:8080'
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args })
const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US' })).newPage()
page.setDefaultTimeout(10_000)
const faults = []
page.on('pageerror', (error) => faults.push(error.message))

async function step(name, act) {
  try {
    await act()
    console.log('ok', name)
  } catch (error) {
    console.log('FAILED', name, error.message)
    faults.push(name)
  }
}

await step('a typo still finds, and the keyboard picks', async () => {
  await page.goto(base)
  await page.fill('#search', 'stonewre mg')
  await page.waitForSelector('[role=option]')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/products/*')
})
await step('into the cart', async () => {
  await page.goto(`${base}/products/ember-stoneware-mug`)
  await page.waitForSelector('.stock')
  await page.click('.buy .btn')
  await page.waitForSelector('dialog[open] [data-total]')
})
await step('guest, address, delivery', async () => {
  await page.click('dialog[open] .btn-primary')
  await page.click('text=Continue as guest')
  const typed = { email: 'ada@example.com', name: 'Ada Lovelace', line1: '12 Main Street', postal_code: '10001', city: 'New York', region: 'NY' }
  for (const [name, value] of Object.entries(typed)) await page.fill(`[name=${name}]`, value)
  await page.click('text=Continue to delivery')
  await page.waitForURL('**/delivery')
  await page.click('text=Continue to payment')
  await page.waitForURL('**/payment')
})
await step('a declined card leaves the order open', async () => {
  await page.click('.chip:has-text("Declined")')
  await page.click('button:has-text("Pay ")')
  await page.waitForSelector('[data-note]')
})
await step('another card, the bank asks, a reload in the middle, confirmed', async () => {
  await page.click('.chip:has-text("Asks the bank")')
  await page.click('button:has-text("Pay ")')
  await page.waitForSelector('dialog[open]')
  await page.reload()
  await page.click('dialog[open] button:has-text("Approve")')
  await page.waitForURL('**/orders/*')
  await page.waitForSelector('[data-status=confirmed]')
})
await step('the order has a room', async () => {
  await page.click('text=Ask about this order')
  await page.fill('[name=name]', 'Ada')
  await page.click('text=Begin')
  await page.fill('#chat-text', 'Hello')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.bubble[data-client]')
})
await step('an unknown product is not found', async () => {
  const answer = await page.goto(`${base}/products/none`)
  if (answer?.status() !== 404) throw new Error(`status ${answer?.status()}`)
})
await browser.close()
console.log(faults.length === 0 ? 'all of it works' : `failed: ${faults.join('; ')}`)
process.exit(faults.length === 0 ? 0 : 1)
