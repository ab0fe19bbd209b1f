// Every page, in both themes, at phone width: nothing for axe to complain of, nothing that sticks out, works without a
// mouse. BASE=http://127.0.0.1:8080 node pages.e2e.mjs
import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'
import { PHONE, base, expect, finish, person, settled, step } from './browser.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const paths = [
  '/', '/collections/ceramics', '/products?query=mug', '/products/ember-stoneware-mug', '/cart', '/checkout', '/delivery',
  '/returns', '/help', '/account/sign-in', '/account/register', '/account/forgot', '/account/orders', '/nothing',
]

for (const colorScheme of ['light', 'dark']) {
  // axe is put into the page, which the page's own policy forbids.
  const context = await person({ viewport: PHONE, colorScheme, bypassCSP: true })
  const page = await context.newPage()
  // A cart with something in it, so that the pages of buying show what they show to buyers.
  await page.goto(`${base}/products/ember-stoneware-mug`)
  await page.click('.buy .btn')
  await page.waitForSelector('dialog[open] [data-total]')
  for (const path of paths) {
    await step(`${colorScheme} ${path}`, async () => {
      await page.goto(base + path)
      await page.waitForSelector('.footer-set')
      await settled(page)
      await page.evaluate(axe)
      const { violations } = await page.evaluate(() => globalThis.axe.run())
      const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
      expect(told.length === 0, told.join('; '))
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width <= PHONE.width, `it is ${width} pixels wide`)
    })
  }
  await context.close()
}

await step('the first key leads past the header', async () => {
  const page = await (await person()).newPage()
  await page.goto(base)
  await page.waitForSelector('.footer-set')
  await page.keyboard.press('Tab')
  const href = await page.evaluate(() => document.activeElement?.getAttribute('href'))
  expect(href?.startsWith('#'), `the first thing to be reached is ${href}`)
})
await step('without script there are titles, prices and links', async () => {
  const context = await person({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${base}/products/ember-stoneware-mug`)
  const text = await page.textContent('main')
  expect(/Ember/.test(text) && /\$\d/.test(text), 'no title or price')
  await page.goto(base)
  expect((await page.$$('main a[href^="/products/"]')).length > 3, 'no links to products')
})
await finish()
