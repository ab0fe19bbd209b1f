// What moves by itself: stock, the cart in two tabs, chat without a network. BASE=http://127.0.0.1:8080 node living.e2e.mjs
import { api, base, bought, expect, finish, guest, person, shelves, step, until } from './browser.mjs'

// Another product than the other walks buy: this one empties it.
const [handle] = await shelves()
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
  // The queue is empty once the server's answer is here; what it would send again would be in the room by then.
  await page.waitForSelector('.bubble[data-client]:has-text("Is it heavy?")')
  await until(() => page.evaluate((id) => localStorage.getItem(`souk.chat.${id}`) === null, room.id), 'nothing waits to be sent')
  await page.fill('#chat-text', 'Thank you')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.bubble[data-client]:has-text("Thank you")')
  expect((await said()) === 1, `it is there ${await said()} times`)
})

await finish()
