// Registers, buys with an account, and finds it all again: BASE=http://127.0.0.1:8080 node account.e2e.mjs
import { base, expect, finish, person, step } from './browser.mjs'

const email = `ada.${Date.now()}@example.com`
const password = 'a quiet walk by 7 rivers'
const context = await person()
const page = await context.newPage()

await step('bad input is told at its field and nothing typed is lost', async () => {
  await page.goto(`${base}/account/register`)
  await page.fill('[name=name]', 'Ada Lovelace')
  await page.fill('[name=email]', 'no address')
  await page.fill('[name=password]', 'short')
  await page.click('main form button[type=submit]')
  await page.waitForSelector('[name=email][aria-invalid=true]')
  await page.waitForSelector('[name=password][aria-invalid=true]')
  expect((await page.inputValue('[name=name]')) === 'Ada Lovelace', 'the name is gone')
  expect((await page.title()).startsWith('Error'), 'the title does not say it')
})
await step('a password that everybody uses is refused by the server, at the field', async () => {
  await page.fill('[name=email]', email)
  await page.fill('[name=password]', 'password123')
  await page.click('main form button[type=submit]')
  await page.waitForSelector('[name=password][aria-invalid=true]')
})
await step('register', async () => {
  await page.fill('[name=password]', password)
  await page.click('main form button[type=submit]')
  await page.waitForSelector('.account-nav')
})
await step('a reload keeps the session', async () => {
  await page.reload()
  await page.waitForSelector('.account-nav')
})
await step('the same address again is told at its field', async () => {
  const other = await (await person()).newPage()
  await other.goto(`${base}/account/register`)
  await other.fill('[name=name]', 'Eve')
  await other.fill('[name=email]', email)
  await other.fill('[name=password]', password)
  await other.click('main form button[type=submit]')
  await other.waitForSelector('[name=email][aria-invalid=true]')
  await other.context().close()
})
await step('buy with the account', async () => {
  await page.goto(`${base}/products/ember-stoneware-mug`)
  await page.click('.buy .btn')
  await page.waitForSelector('dialog[open] [data-total]')
  await page.click('dialog[open] .btn-primary')
  await page.waitForURL('**/checkout**')
  const typed = { name: 'Ada Lovelace', line1: '12 Main Street', postal_code: '10001', city: 'New York', region: 'NY' }
  for (const [name, value] of Object.entries(typed)) await page.fill(`[name=${name}]`, value)
  await page.click('text=Continue to delivery')
  await page.waitForURL('**/delivery')
  await page.click('text=Continue to payment')
  await page.waitForURL('**/payment')
  await page.click('.chip:has-text("Succeeds"), .chip >> nth=0')
  // Twice at once: one order all the same.
  await page.locator('button:has-text("Pay ")').dblclick()
  await page.waitForURL('**/orders/*')
  await page.waitForSelector('[data-status=confirmed]')
})
await step('the order is in the list, once', async () => {
  await page.goto(`${base}/account/orders`)
  await page.waitForSelector('main a[href*="/orders/ord_"]')
  const links = await page.$$eval('main a[href*="/orders/ord_"]', (all) => [...new Set(all.map((link) => link.getAttribute('href')))])
  expect(links.length === 1, `${links.length} orders`)
})
await step('sign out, a wrong password, and in again', async () => {
  await context.clearCookies()
  await page.evaluate(() => sessionStorage.clear())
  await page.goto(`${base}/account/sign-in`)
  await page.fill('[name=email]', email)
  await page.fill('[name=password]', 'not that one at all')
  await page.click('main form button[type=submit]')
  await page.waitForSelector('[role=alert], .error-summary')
  expect((await page.inputValue('[name=email]')) === email, 'the address is gone')
  await page.fill('[name=password]', password)
  await page.click('main form button[type=submit]')
  await page.waitForSelector('.account-nav')
})
await step('sessions are listed', async () => {
  await page.goto(`${base}/account/sessions`)
  await page.waitForSelector('main li')
})
await finish()
