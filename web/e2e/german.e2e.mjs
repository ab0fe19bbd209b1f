// The store in its other language: no sentence of the English catalogue, amounts and dates as Germans write them, and the
// server's refusals and reasons too. What the shop's owner wrote (products, names of zones) is in the owner's language.
// BASE=http://127.0.0.1:8080 node german.e2e.mjs
import { base, expect, finish, person, settled, step } from './browser.mjs'
import { ada, catalogues, confirmed, fillCard, intoCart, pay, words } from './buyer.mjs'

const t = words('de')
const page = await (await person({ locale: 'de-DE' })).newPage()
/** Whole English sentences without gaps; short words may be the same or be part of a name. */
const english = Object.entries(catalogues.en)
  .filter(([key, text]) => text !== catalogues.de[key] && text.includes(' ') && !text.includes('{') && !key.startsWith('meta.'))
  .map(([, text]) => text)

async function isGerman(what) {
  await settled(page)
  expect((await page.getAttribute('html', 'lang')) === 'de', `${what} says it is in another language`)
  const text = await page.evaluate(() => document.body.innerText)
  const found = english.filter((sentence) => text.includes(sentence))
  expect(found.length === 0, `${what} says: ${found.join('; ')}`)
}

for (const path of ['/', '/collections/ceramics', '/products?query=zzzz', '/delivery', '/returns', '/help', '/account/sign-in', '/account/register', '/account/forgot', '/account/orders', '/nothing']) {
  await step(`German ${path}`, async () => {
    await page.goto(base + path)
    await isGerman(path)
  })
}
await step('amounts and dates are written as in German', async () => {
  await page.goto(`${base}/products/ember-stoneware-mug`)
  await isGerman('the product')
  const price = await page.textContent('.product-price')
  expect(/\d,\d\d\s\$/.test(price), `the price is ${price}`)
  expect(/(Mo|Di|Mi|Do|Fr|Sa|So)\.?, \d+\./.test(await page.textContent('.facts')), 'the date of delivery is not German')
})
await step('a refusal of the server is told in German at its field', async () => {
  await intoCart(page)
  await page.goto(`${base}/cart`)
  await page.fill('[name=code]', 'NICHTS')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[name=code][aria-invalid=true]')
  expect((await page.textContent('.coupon .field-error')).includes(t('fault.discount_unknown')), 'the message is another one')
  await isGerman('the cart')
})
await step('a purchase with its reasons in German', async () => {
  const { region: _, ...german } = { ...ada, postal_code: '20457', city: 'Hamburg', line1: 'Hafenstraße 12' }
  await page.goto(`${base}/checkout`)
  await page.click(`button:has-text("${t('checkout.guest')}")`)
  await page.selectOption('[name=country]', 'DE')
  await isGerman('the details')
  for (const [name, value] of Object.entries(german)) await page.fill(`[name=${name}]`, value)
  await page.click(`button:has-text("${t('checkout.todelivery')}")`)
  await page.waitForURL('**/checkout/delivery')
  await isGerman('the delivery')
  await page.click(`button:has-text("${t('checkout.topayment')}")`)
  await page.waitForSelector('[name=cc-number]')
  await isGerman('the payment')
  const totals = await page.textContent('main .totals')
  expect(/19\s%/.test(totals) && totals.includes('enthält'), `the totals say: ${totals}`)
  expect(/International|kostenlos ab/.test(totals), `the delivery says: ${totals}`)
  await fillCard(page)
  await pay(page)
  await confirmed(page)
  await isGerman('the order')
})
await step('the other language is one choice away and stays', async () => {
  await page.selectOption('.footer-set select >> nth=0', 'en')
  await page.waitForSelector('html[lang=en]')
  await page.reload()
  await page.waitForSelector('html[lang=en]')
})
await finish()
