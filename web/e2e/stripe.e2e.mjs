// A shop that is paid through Stripe. Stripe's script and its API are played here, so this shows the app's and the
// server's side of it alone: that a script that does not come is said, that Stripe's element is mounted and asked, that
// what it gives is paid with, and that the page's policy lets Stripe in and nobody else.
// SOUK=target/release/souk SEEDED=folder node stripe.e2e.mjs
import { createServer } from 'node:http'
import { expect, finish, person, step } from './browser.mjs'
import { ada, confirmed, fillDetails, intoCart, t } from './buyer.mjs'
import { shop } from './shop.mjs'

/** Payment intents as Stripe's API answers about them. */
const intents = new Map()
const api = createServer((request, response) => {
  let body = ''
  request.on('data', (part) => (body += part))
  request.on('end', () => {
    const form = new URLSearchParams(body)
    const [, , , id, action] = new URL(request.url, 'http://stripe').pathname.split('/')
    let intent = intents.get(id)
    if (!id && request.method === 'POST') {
      intent = {
        id: `pi_${intents.size + 1}`, object: 'payment_intent', status: 'requires_payment_method', amount_received: 0,
        amount: Number(form.get('amount')), currency: form.get('currency'), client_secret: 'secret',
        metadata: { merchant_reference: form.get('metadata[merchant_reference]') },
      }
      intents.set(intent.id, intent)
    }
    if (action === 'confirm') {
      intent.method = form.get('payment_method')
      Object.assign(intent, { status: 'succeeded', amount_received: intent.amount })
    }
    if (action === 'cancel') intent.status = 'canceled'
    response.writeHead(intent ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(intent ?? { error: { type: 'invalid_request_error', message: 'none' } }))
  })
})
await new Promise((listens) => api.listen(0, '127.0.0.1', listens))
const souk = await shop({
  SOUK_PAYMENTS__PROVIDER: 'stripe', SOUK_STRIPE__SECRET_KEY: 'sk_test_1', SOUK_STRIPE__WEBHOOK_SECRET: 'whsec_1',
  SOUK_STRIPE__PUBLISHABLE_KEY: 'pk_test_1', SOUK_STRIPE__API_BASE: `http://127.0.0.1:${api.address().port}`,
})
const { base } = souk
const context = await person()
const page = await context.newPage()
const script = 'https://js.stripe.com/v3/'

await step("the page's policy lets in Stripe's script and no other", async () => {
  const answer = await page.goto(base)
  const policy = answer.headers()['content-security-policy']
  expect(/script-src 'self' https:\/\/js\.stripe\.com/.test(policy) && !policy.includes('unsafe'), policy)
})
await step("Stripe's script does not come: the page says so and offers to try again", async () => {
  await context.route(script, (route) => route.abort())
  await intoCart(page, 'ember-stoneware-mug', base)
  await page.goto(`${base}/checkout`)
  await page.click(`button:has-text("${t('checkout.guest')}")`)
  await fillDetails(page, ada)
  await page.click(`button:has-text("${t('checkout.todelivery')}")`)
  await page.waitForURL('**/checkout/delivery')
  await page.click(`button:has-text("${t('checkout.topayment')}")`)
  await page.waitForSelector(`.note-bad:has-text("${t('card.notloaded')}")`)
  expect((await page.$('[name=cc-number]')) === null, 'a card is asked for in our own page')
  await page.click('[data-part=payment] button[type=submit]')
  await page.waitForSelector(`.error-summary:has-text("${t('card.loading').slice(0, 20)}")`)
  expect(intents.size === 0, 'an order was placed without a card')
})
await step('it comes after all: its element is mounted, and what it gives is paid with', async () => {
  await context.unroute(script)
  await context.route(script, (route) => route.fulfill({
    contentType: 'text/javascript',
    body: `window.Stripe = (key, options) => ({
      elements: (asked) => ({
        create: (kind) => ({ mount: (at) => { at.textContent = [key, options.locale, kind, asked.amount, asked.currency].join(' ') }, unmount() {} }),
        submit: async () => window.stripeFault ? { error: { message: window.stripeFault } } : {},
      }),
      createPaymentMethod: async () => ({ paymentMethod: { id: 'pm_1' } }),
      handleNextAction: async () => ({}),
    })`,
  }))
  await page.click(`[data-part=payment] button:has-text("${t('error.retry')}")`)
  await page.waitForSelector('[data-part=payment] form div:has-text("pk_test_1 en payment")')
  await page.evaluate(() => (window.stripeFault = 'Your card number is incomplete.'))
  await page.click('[data-part=payment] button[type=submit]')
  await page.waitForSelector('.error-summary:has-text("Your card number is incomplete.")')
  await page.evaluate(() => (window.stripeFault = undefined))
  const total = Math.round(Number((await page.textContent('main [data-total]')).replace(/[^\d]/g, '')))
  await page.click('[data-part=payment] button[type=submit]')
  await confirmed(page)
  const [intent] = intents.values()
  expect(intents.size === 1 && intent.method === 'pm_1' && intent.amount === total, JSON.stringify(intent))
})
await souk.close()
api.close()
await finish()
