// The way of a buyer in a real browser, from a search to a confirmed order: BASE=http://127.0.0.1:8080 node buying.e2e.mjs
import { base, finish, person, step } from './browser.mjs'

const page = await (await person()).newPage()

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
await finish()
