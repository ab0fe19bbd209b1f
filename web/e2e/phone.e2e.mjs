// The whole way on a phone, by touch: nothing sticks out sideways, and what is to be touched is large enough.
// BASE=http://127.0.0.1:8080 node phone.e2e.mjs
import { PHONE, base, expect, finish, person, settled, step } from './browser.mjs'
import { CARDS, ada, confirmed, fillCard, fillDetails, t } from './buyer.mjs'

const context = await person({ viewport: PHONE, isMobile: true, hasTouch: true, deviceScaleFactor: 2 })
const page = await context.newPage()

/** WCAG 2.2, 2.5.8 asks for 24 pixels but in running text; fingers want 44 in one direction at least. */
async function fits(what) {
  await settled(page)
  const { width, small } = await page.evaluate(() => {
    const shown = [...document.querySelectorAll('a[href], button, input, select, summary, textarea')].filter((element) => {
      const inText = getComputedStyle(element).display === 'inline'
      return element.checkVisibility() && !inText && !element.closest('.skip-link, .sr-only') && !element.matches('[type=radio], [type=checkbox]')
    })
    const small = shown.filter((element) => {
      const { width, height } = element.getBoundingClientRect()
      return Math.min(width, height) < 24 || Math.max(width, height) < 44
    })
    return {
      width: document.documentElement.scrollWidth,
      small: small.map((element) => `${element.tagName}.${element.className} ${element.textContent?.trim().slice(0, 20)}`),
    }
  })
  expect(width <= PHONE.width, `${what} is ${width} pixels wide`)
  expect(small.length === 0, `${what} has small targets: ${small.join('; ')}`)
}

await step('home, search, a listing with a filter', async () => {
  await page.goto(base)
  await fits('home')
  await page.tap('#search')
  await page.fill('#search', 'mug')
  await page.press('#search', 'Enter')
  await page.waitForURL('**/products?query=mug')
  await fits('the results')
})
await step('a product into the cart', async () => {
  await page.tap('a[href="/products/ember-stoneware-mug"]')
  await page.waitForSelector('.stock')
  await fits('the product')
  await page.tap('.option-value >> nth=1')
  await page.tap('.buy-row > .btn')
  await page.waitForSelector('dialog[open] [data-total]')
  await fits('the drawer')
  await page.tap('dialog[open] a[href="/checkout"]')
})
await step('details, delivery', async () => {
  await page.tap(`button:has-text("${t('checkout.guest')}")`)
  await page.waitForSelector('[name=email]')
  const inputs = await page.$$eval('[data-part=details] form :is(input, select)', (all) => all.filter((one) => one.checkVisibility()).length)
  expect(inputs <= 8, `the form has ${inputs} fields`)
  expect((await page.$('input[type=password]')) === null, 'a password is asked for')
  await fits('the details')
  await fillDetails(page)
  await page.tap(`button:has-text("${t('checkout.todelivery')}")`)
  await page.waitForURL('**/checkout/delivery')
  await fits('the delivery')
  await page.tap('.choice >> nth=1')
  await page.tap(`button:has-text("${t('checkout.topayment')}")`)
  await page.waitForURL('**/checkout/payment')
})
await step('a card and a confirmed order', async () => {
  await page.waitForSelector('[name=cc-number]')
  await fits('the payment')
  const total = await page.textContent('main [data-total]')
  expect((await page.textContent('[data-part=payment] button[type=submit]')).includes(total), 'the button does not carry the amount')
  await fillCard(page, CARDS.ok)
  await page.tap('[data-part=payment] button[type=submit]')
  await confirmed(page)
  await fits('the order')
  expect(ada.email && (await page.textContent('.order-hero')).includes(ada.email), 'the address is not named')
})
await finish()
