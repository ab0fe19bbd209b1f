// What every walk shares: a browser, steps that are counted, and a shop that is asked directly. A walk prints
// `ok NAME` or `FAILED NAME` for each step, and `all of it works` at its end.
import { chromium } from 'playwright-core'

export const base = process.env.BASE ?? 'http://127.0.0.1:8080'
// What a sandboxed machine needs, and nothing that calls home.
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
export const WIDE = { width: 1280, height: 900 }
export const PHONE = { width: 390, height: 844 }

const faults = []
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args })

/** A new person: no cookies, nothing stored. */
export async function person(options = {}) {
  const context = await browser.newContext({ viewport: WIDE, locale: 'en-US', ...options })
  context.setDefaultTimeout(10_000)
  context.on('weberror', (error) => faults.push(error.error().message))
  return context
}

export async function step(name, act) {
  try {
    await act()
    console.log('ok', name)
  } catch (error) {
    console.log('FAILED', name, error.message)
    faults.push(name)
  }
}

export function expect(truth, words) {
  if (!truth) throw new Error(words)
}

/** Waits until `look` gives something true. */
export async function until(look, words) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await look()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`in vain: ${words}`)
}

/** The page is drawn to its end: fonts are there, nothing loads any more, and nothing moves. */
export async function settled(page) {
  await page.waitForSelector('.footer-set')
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true], .skeleton'))
  await page.evaluate(async () => {
    await document.fonts.ready
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)))
  })
}

export async function finish() {
  await browser.close()
  console.log(faults.length === 0 ? 'all of it works' : `failed: ${faults.join('; ')}`)
  process.exit(faults.length === 0 ? 0 : 1)
}

/** The API itself, as another client would use it. */
export const client = (at) => async (method, path, body, headers = {}) => {
  const answer = await fetch(`${at}/api/v1${path}`, {
    method,
    headers: body ? { 'content-type': 'application/json', ...headers } : headers,
    body: body && JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return text ? JSON.parse(text) : undefined
}
export const api = client(base)

/** Somebody else orders so many of a product's first variant, and pays. */
export async function bought(handle, quantity, call = api) {
  const { variants } = await call('GET', `/products/${handle}`)
  const cart = await call('POST', '/carts', {})
  await call('POST', `/carts/${cart.id}/lines`, { variant_id: variants[0].id, quantity })
  const shipping_address = { name: 'Grace', line1: '1 Main St', city: 'New York', region: 'NY', postal_code: '10001', country: 'US' }
  await call('PATCH', `/carts/${cart.id}`, { email: 'grace@example.com', shipping_address, shipping_option_id: 'standard' })
  const order = await call('POST', '/orders', { cart_id: cart.id }, { 'idempotency-key': crypto.randomUUID() })
  const method = { type: 'sandbox_card', token: 'tok_ok' }
  await call('POST', `/payments/${order.payment.id}/confirm`, { method }, { 'order-key': order.access_key })
  return order
}

/** The handles of products with one variant and a few dozen of it; walks that empty a shelf take different ones. */
export async function shelves(call = api) {
  const { items } = await call('GET', '/products?in_stock=true&limit=50&sort=title')
  const found = []
  for (const { handle } of items) {
    const { variants } = await call('GET', `/products/${handle}`)
    const [{ available }] = variants
    if (handle !== 'ember-stoneware-mug' && variants.length === 1 && available > 5 && available < 900) found.push(handle)
  }
  return found
}

/** Somebody without an account, for calls that need a token. */
export async function guest(call = api) {
  const { access_token } = await call('POST', '/sessions/guest', { name: 'Grace' })
  return { authorization: `Bearer ${access_token}` }
}
