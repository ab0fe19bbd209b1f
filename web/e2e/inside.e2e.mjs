// What only shows itself on the way, under axe in both themes: forms with their errors, each part of the checkout, the
// drawer, an order, the chat, and the pages of an account. BASE=http://127.0.0.1:8080 node inside.e2e.mjs
import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'
import { PHONE, base, expect, finish, person, settled, step } from './browser.mjs'
import { confirmed, fillCard, fillDetails, intoCart, pay, t } from './buyer.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

for (const colorScheme of ['light', 'dark']) {
  // axe is put into the page, which the page's own policy forbids.
  const context = await person({ viewport: PHONE, colorScheme, bypassCSP: true })
  const page = await context.newPage()
  const clean = (name, act) =>
    step(`${colorScheme}: ${name}`, async () => {
      await act()
      await settled(page)
      await page.evaluate(axe)
      const { violations } = await page.evaluate(() => globalThis.axe.run())
      const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
      expect(told.length === 0, told.join('; '))
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width <= PHONE.width, `it is ${width} pixels wide`)
    })
  const submit = (part) => page.click(`${part} button[type=submit]`)

  await clean('the drawer', () => intoCart(page))
  await clean('details with errors', async () => {
    await page.goto(`${base}/checkout`)
    await page.click(`button:has-text("${t('checkout.guest')}")`)
    await submit('[data-part=details]')
    await page.waitForSelector('.error-summary')
  })
  await clean('delivery', async () => {
    await fillDetails(page)
    await submit('[data-part=details]')
    await page.waitForSelector('[name=shipping]')
  })
  await clean('a card with errors', async () => {
    await submit('[data-part=delivery]')
    await page.waitForSelector('[name=cc-number]')
    await submit('[data-part=payment]')
    await page.waitForSelector('.error-summary')
  })
  await clean('a declined card', async () => {
    await fillCard(page, '4000 0000 0000 0002')
    await pay(page)
    await page.waitForSelector('[data-note]')
  })
  await clean('an order', async () => {
    await fillCard(page)
    await pay(page)
    await confirmed(page)
  })
  await clean('the chat', async () => {
    await page.click(`button:has-text("${t('order.ask')}")`)
    await page.fill('.chat-dock [name=name]', 'Ada')
    await submit('.chat-dock')
    await page.fill('#chat-text', 'Hello')
    await page.press('#chat-text', 'Enter')
    await page.waitForSelector('.bubble[data-client]')
  })
  await clean('register with errors', async () => {
    await page.goto(`${base}/account/register`)
    await submit('main')
    await page.waitForSelector('.error-summary')
  })
  await clean('the profile', async () => {
    await page.fill('main [name=name]', 'Ada Lovelace')
    await page.fill('main [name=email]', `inside.${colorScheme}.${Date.now()}@example.com`)
    await page.fill('main [name=password]', 'a quiet walk by 7 rivers')
    await submit('main')
    await page.waitForSelector('.account-nav')
  })
  for (const path of ['orders', 'inbox', 'addresses', 'security', 'sessions']) {
    await clean(`the account's ${path}`, async () => {
      await page.goto(`${base}/account/${path}`)
      await page.waitForSelector('.account-nav')
    })
  }
  await context.close()
}
await finish()
