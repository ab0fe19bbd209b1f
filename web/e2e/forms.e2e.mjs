// Bad input in every form: the message is at the field, also where only the server knows (its problem's pointer leads
// there), and nothing that was typed is lost. BASE=http://127.0.0.1:8080 node forms.e2e.mjs
import { base, expect, finish, person, step } from './browser.mjs'
import { ada, fillDetails, intoCart, t } from './buyer.mjs'

const context = await person()
const page = await context.newPage()
const email = `forms.${Date.now()}@example.com`
const password = 'a quiet walk by 7 rivers'
const LONG = 'x'.repeat(300)

/**
 * Types into a form, presses its button and looks: each field named in `faults` has its message beside it, bound to it,
 * and everything is still there. `form` is a selector.
 */
async function refused(form, typed, faults, { summary = true } = {}) {
  for (const [name, value] of Object.entries(typed)) await page.fill(`${form} [name=${name}]`, value)
  await page.click(`${form} button[type=submit]`)
  for (const [name, message] of Object.entries(faults)) {
    const field = `${form} [name=${name}]`
    await page.waitForSelector(`${field}[aria-invalid=true]`)
    const said = await page.$eval(field, (element) =>
      (element.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent).join(' '))
    expect(said.includes(message), `${name} says: ${said}`)
  }
  for (const [name, value] of Object.entries(typed)) {
    expect((await page.inputValue(`${form} [name=${name}]`)) === value, `what was typed into ${name} is gone`)
  }
  if (summary) {
    const links = await page.$$eval('.error-summary a', (all) => all.map((link) => link.textContent))
    for (const message of Object.values(faults)) expect(links.some((link) => link.includes(message)), `the summary lacks: ${message}`)
    expect((await page.title()).startsWith(`${t('form.error')}:`), 'the title does not say it')
  }
  const others = await page.$$eval(`${form} [aria-invalid=true]`, (all) => all.map(({ name }) => name))
  expect(others.length === Object.keys(faults).length, `also marked: ${others}`)
}

await step('nothing is said while a field is first typed; a message goes the moment its field is right', async () => {
  await page.goto(`${base}/account/register`)
  await page.type('main [name=email]', 'a')
  await page.press('main [name=email]', 'Tab')
  expect((await page.$('[aria-invalid=true]')) === null, 'it complains while one types')
  await refused('main form', { name: 'Ada', email: 'no address', password }, { email: t('fault.email.form') })
  await page.fill('main [name=email]', email)
  await page.waitForSelector('[aria-invalid=true]', { state: 'detached' })
})
await step('register: what the server alone knows', async () => {
  await refused('main form', { name: LONG, email, password }, { name: t('fault.out_of_range') })
  await refused('main form', { name: 'Ada Lovelace', email, password: 'password1' }, { password: t('fault.password_too_common') })
  await page.fill('main [name=password]', password)
  await page.click('main form button[type=submit]')
  await page.waitForSelector('.account-nav')
})
await step('profile', async () => {
  await page.goto(`${base}/account`)
  await page.waitForSelector('.account-nav')
  await refused('[aria-labelledby=profile-name] form', { name: ' ' }, { name: t('fault.field.name') })
  await refused('[aria-labelledby=profile-name] form', { name: LONG }, { name: t('fault.out_of_range') })
  await page.click(`summary:has-text("${t('account.delete')}")`)
  await refused('[aria-labelledby=leave] form', { password: 'not this one' }, { password: t('problem.wrong_password') }, { summary: false })
})
await step('password, email, second factor', async () => {
  await page.goto(`${base}/account/security`)
  await refused('[aria-labelledby=security-password] form', { 'current-password': 'not this one', 'new-password': 'another walk by 8 hills' }, { 'current-password': t('problem.wrong_password') })
  await page.reload()
  await refused('[aria-labelledby=security-password] form', { 'current-password': password, 'new-password': 'short' }, { 'new-password': t('fault.password.short', { count: 8 }) })
  await page.reload()
  await refused('[aria-labelledby=security-email] form', { email: 'no address', password: '' }, { email: t('fault.email.form'), password: t('fault.password.missing') })
  await page.reload()
  await page.click(`[aria-labelledby=security-second] button:has-text("${t('totp.turnon')}")`)
  await refused('[aria-labelledby=security-second] form', { code: '000 000' }, { code: t('problem.code_wrong') })
})
await step('addresses', async () => {
  await page.goto(`${base}/account/addresses`)
  await page.click(`button:has-text("${t('address.add')}")`)
  const { email: _, ...address } = ada
  await refused('.panel form', { ...address, line1: '' }, { line1: t('fault.field.line1') })
  await refused('.panel form', { ...address, postal_code: '1'.repeat(40) }, { postal_code: t('fault.out_of_range') })
  await page.fill('.panel [name=postal_code]', ' 10 001 ')
  await page.click('.panel form button[type=submit]')
  await page.waitForSelector('.rows-item')
})
await step('sign in and forgotten password, as somebody else', async () => {
  const other = await (await person()).newPage()
  await other.goto(`${base}/account/sign-in`)
  await other.fill('main [name=email]', email)
  await other.fill('main [name=password]', 'not this one at all')
  await other.click('main form button[type=submit]')
  await other.waitForSelector(`.error-summary:has-text("${t('problem.invalid_credentials')}")`)
  expect((await other.inputValue('main [name=email]')) === email, 'the address is gone')
  await other.goto(`${base}/account/forgot`)
  await other.fill('main [name=email]', 'no address')
  await other.click('main form button[type=submit]')
  await other.waitForSelector('main [name=email][aria-invalid=true]')
  await other.goto(`${base}/account/reset?token=none`)
  await other.fill('main [name=password]', 'another walk by 8 hills')
  await other.click('main form button[type=submit]')
  await other.waitForSelector(`.error-summary:has-text("${t('problem.link_invalid')}")`)
  await other.context().close()
})
await step('checkout: details, here and by the server', async () => {
  await page.evaluate(() => localStorage.clear())
  await context.clearCookies()
  await intoCart(page)
  await page.goto(`${base}/checkout`)
  await page.click(`button:has-text("${t('checkout.guest')}")`)
  await refused('[data-part=details] form', { ...ada, email: '', city: '' }, { email: t('fault.email.missing'), city: t('fault.field.city') })
  await refused('[data-part=details] form', { ...ada, line1: LONG }, { line1: t('fault.out_of_range') })
  // 65 characters before the @ are more than mail allows (RFC 5321), which only the server looks at.
  await refused('[data-part=details] form', { ...ada, email: `${'a'.repeat(65)}@example.com` }, { email: t('fault.field.email') })
})
await step('postcode and phone are taken as people write them', async () => {
  await page.click(`button:has-text("${t('address.more')}")`)
  await fillDetails(page, { ...ada, postal_code: ' 10001-1234 ', phone: '(212) 555-01 00' })
  await page.click(`button:has-text("${t('checkout.todelivery')}")`)
  await page.waitForURL('**/checkout/delivery')
  await page.goBack()
  expect((await page.inputValue('[name=phone]')) === '(212) 555-01 00', 'the number is shown in another way')
})
await step('checkout: card', async () => {
  await page.click(`button:has-text("${t('checkout.todelivery')}")`)
  await page.waitForURL('**/checkout/delivery')
  await page.click(`button:has-text("${t('checkout.topayment')}")`)
  await page.waitForSelector('[name=cc-number]')
  await refused('[data-part=payment] form', { 'cc-number': '4242 4242 4242 4241', 'cc-exp': '13/26', 'cc-csc': '1' },
    { 'cc-number': t('card.number.fault'), 'cc-exp': t('card.expiry.fault'), 'cc-csc': t('card.code.fault') })
})
await step('prices of the filter', async () => {
  await page.goto(`${base}/products`)
  await page.waitForSelector('.filters [name=price_from]')
  await page.fill('.filters [name=price_from]', 'cheap')
  await page.press('.filters [name=price_from]', 'Enter')
  await page.waitForSelector('.filters [name=price_from][aria-invalid=true]')
  expect((await page.inputValue('.filters [name=price_from]')) === 'cheap', 'what was typed is gone')
})
await step('chat: a name is asked for at its field', async () => {
  await page.goto(`${base}/products/ember-stoneware-mug`)
  await page.click('.product-info button:has-text("Ask")')
  await refused('.chat-dock form', { name: '' }, { name: t('chat.name.missing') }, { summary: false })
  await refused('.chat-dock form', { name: LONG }, { name: t('fault.out_of_range') }, { summary: false })
})
await finish()
