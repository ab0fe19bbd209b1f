// What buyers do in more than one walk. Words come from the app's own catalogues, so that a walk can be in any language.
import { readFile } from 'node:fs/promises'
import { base } from './browser.mjs'

const read = async (language) => JSON.parse(await readFile(new URL(`../store/src/i18n/${language}.json`, import.meta.url), 'utf8'))
export const catalogues = { en: await read('en'), de: await read('de') }

/** A message of the app; the values fill its gaps. */
export const words = (language) => (key, values = {}) =>
  catalogues[language][key].replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap)

export const t = words('en')
export const ada = { email: 'ada@example.com', name: 'Ada Lovelace', line1: '12 Main Street', postal_code: '10001', city: 'New York', region: 'NY' }
export const CARDS = { ok: '4242 4242 4242 4242', declined: '4000 0000 0000 0002', challenge: '4000 0000 0000 3220', late: '4000 0000 0000 0259' }

export async function intoCart(page, handle = 'ember-stoneware-mug', at = base) {
  await page.goto(`${at}/products/${handle}`)
  await page.waitForSelector('.stock')
  await page.click('.buy .buy-row > .btn')
  await page.waitForSelector('dialog[open] [data-total]')
  // The server has it: nothing waits to be written any more.
  await page.waitForFunction(() => localStorage.getItem('souk.cart.wishes') === null)
}

export async function fillDetails(page, details = ada) {
  for (const [name, value] of Object.entries(details)) await page.fill(`[name=${name}]`, value)
}

/** From a cart with something in it to the payment, as a guest. */
export async function toPayment(page, say = t, details = ada) {
  await page.goto(`${new URL(page.url()).origin}/checkout`)
  await page.click(`button:has-text("${say('checkout.guest')}")`)
  await fillDetails(page, details)
  await page.click(`button:has-text("${say('checkout.todelivery')}")`)
  await page.waitForURL('**/checkout/delivery')
  await page.click(`button:has-text("${say('checkout.topayment')}")`)
  await page.waitForURL('**/checkout/payment')
  await page.waitForSelector('[name=cc-number]')
}

export async function fillCard(page, number = CARDS.ok) {
  await page.fill('[name=cc-number]', number)
  await page.fill('[name=cc-exp]', '12 / 34')
  await page.fill('[name=cc-csc]', '123')
}

export const pay = (page) => page.click('[data-part=payment] button[type=submit]')

export async function confirmed(page) {
  await page.waitForURL('**/orders/ord_*')
  await page.waitForSelector('[data-status=confirmed]')
}

/** What was paid: the total of the order that the page shows. */
export const totalOf = (page) => page.textContent('[data-total]')
