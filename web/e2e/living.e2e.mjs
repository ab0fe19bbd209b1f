// What moves by itself: stock, the cart in two tabs, chat without a network. BASE=http://127.0.0.1:8080 node living.e2e.mjs
import { api, base, bought, expect, finish, person, step, until } from './browser.mjs'

// Another product than the other walks buy: this one empties it.
const handle = await plenty('ember-stoneware-mug')
const context = await person()
const page = await context.newPage()
const other = await context.newPage()

await step('stock falls on an open page when somebody else buys', async () => {
  await page.goto(`${base}/products/${handle}`)
  await page.waitForSelector('.stock')
  const before = (await api('GET', `/products/${handle}`)).variants[0].available
  const loads = []
  page.on('request', (request) => loads.push(request.url()))
  await bought(handle, before - 2)
  await until(async () => /\b2\b/.test(await page.textContent('.stock')), 'the page says that two are left')
  expect(!loads.some((url) => url.includes('/api/v1/products/')), 'the page asked again instead of being told')
})
await step('a cart is the same in two tabs', async () => {
  await page.click('.buy .btn')
  await page.waitForSelector('dialog[open] [data-total]')
  await other.goto(`${base}/cart`)
  await other.waitForSelector('.lines li')
  await page.goto(`${base}/cart`)
  await page.waitForSelector('.lines li')
  const total = () => other.textContent('[data-total]')
  const before = await total()
  await page.click('.lines li .qty button >> nth=1')
  await until(async () => (await total()) !== before, 'the other tab shows the new total')
})
await step('a line that ran out says so', async () => {
  await bought(handle, 1)
  await until(async () => /1/.test((await page.textContent('.lines li')) ?? '') && (await page.$('.lines li [data-short], .lines li .fault, .lines li [role=alert]')) !== null, 'the line names what is left')
})
await step('words that were written without a network arrive once it is back', async () => {
  await page.goto(`${base}/products/${handle}`)
  await page.click('.product button:has-text("Ask")')
  await page.fill('.chat-dock [name=name]', 'Ada')
  await page.click('.chat-dock button:has-text("Begin")')
  await page.waitForSelector('#chat-text')
  await context.setOffline(true)
  await page.fill('#chat-text', 'Is it heavy?')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.bubble:has-text("Is it heavy?")')
  await context.setOffline(false)
  const product = await api('GET', `/products/${handle}`)
  const room = await api('POST', '/rooms', { kind: 'product', subject_id: product.id }, await guest())
  const said = async () => (await api('GET', `/rooms/${room.id}/messages`)).items.filter(({ text }) => text === 'Is it heavy?').length
  await until(async () => (await said()) > 0, 'the message is in the room')
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect((await said()) === 1, `it is there ${await said()} times`)
})

/** The handle of a product with a good number in stock, and not this one. */
async function plenty(not) {
  const { items } = await api('GET', '/products?in_stock=true&limit=50&sort=title')
  for (const { handle } of items.filter((item) => item.handle !== not)) {
    const { variants } = await api('GET', `/products/${handle}`)
    if (variants.length === 1 && variants[0].available > 5 && variants[0].available < 900) return handle
  }
  throw new Error('no product has enough')
}

async function guest() {
  const { access_token } = await api('POST', '/sessions/guest', { name: 'Grace' })
  return { authorization: `Bearer ${access_token}` }
}
await finish()
