// From a search to a confirmed order without a pointer: only keys are pressed. What has the focus can be seen and is not
// under the header (WCAG 2.2, 2.4.7 and 2.4.11). BASE=http://127.0.0.1:8080 node keyboard.e2e.mjs
import { base, expect, finish, person, step, until } from './browser.mjs'
import { CARDS, ada, confirmed, t } from './buyer.mjs'

const page = await (await person()).newPage()
const press = (key) => page.keyboard.press(key)

/** Walks on with Tab until something that fits has the focus; nothing on the way may be hidden. */
async function tabTo(selector, key = 'Tab') {
  for (let presses = 0; presses < 90; presses += 1) {
    await press(key)
    const { fits, fault } = await page.evaluate((wanted) => {
      const element = document.activeElement
      if (!element || element === document.body) return { fits: false }
      // Radio buttons are drawn by their labels, and a skip link comes from above.
      const shown = element.type === 'radio' ? element.closest('label') : element
      const { left, top, width, height } = shown.getBoundingClientRect()
      const hit = document.elementFromPoint(left + width / 2, top + height / 2)
      const seen = hit && (shown.contains(hit) || hit.contains(shown))
      const described = `${element.tagName} ${element.textContent?.trim().slice(0, 30)} ${element.name ?? ''}`
      return { fits: element.matches(wanted), fault: seen || element.closest('.skip-link') ? undefined : described }
    }, selector)
    expect(!fault, `the focus is hidden on ${fault}`)
    if (fits) return
  }
  throw new Error(`Tab does not reach ${selector}`)
}
const focused = (selector) => until(() => page.evaluate((wanted) => document.activeElement?.matches(wanted), selector), `${selector} has the focus`)

await step('search: arrows pick a suggestion, Escape closes, Enter opens', async () => {
  await page.goto(base)
  await page.waitForSelector('.footer-set')
  await tabTo('#search')
  await page.keyboard.type('ember stoneware mug')
  await page.waitForSelector('[role=option]:has-text("Ember Stoneware Mug")')
  await press('Escape')
  await page.waitForSelector('[role=listbox]', { state: 'hidden' })
  expect((await page.inputValue('#search')) === 'ember stoneware mug', 'the words are gone')
  await press('ArrowDown')
  await until(() => page.getAttribute('#search', 'aria-activedescendant'), 'a suggestion is active')
  await press('Enter')
  await page.waitForURL('**/products/*')
})
await step('options by arrows, the choice in the URL, the way into the cart', async () => {
  await page.goto(`${base}/products/ember-stoneware-mug`)
  await page.waitForSelector('.footer-set')
  await tabTo('.option-value input')
  await press('ArrowRight')
  await page.waitForURL(/\?.*=/)
  await tabTo('.buy-row > .btn')
  await press('Enter')
  await page.waitForSelector('dialog[open] [data-total]')
})
await step('the drawer keeps the focus, Escape gives it back', async () => {
  for (let presses = 0; presses < 12; presses += 1) {
    await press('Tab')
    const outside = await page.evaluate(() => {
      const element = document.activeElement
      return element !== document.body && element !== document.documentElement && !element.closest('dialog[open]')
    })
    expect(!outside, 'Tab leaves the open drawer')
  }
  await press('Escape')
  await page.waitForSelector('dialog[open]', { state: 'detached' })
  await focused('.buy-row > .btn')
})
await step('the bag is a link, and leads on to the checkout', async () => {
  await tabTo('.tool[href="/cart"]', 'Shift+Tab')
  await press('Enter')
  await page.waitForSelector('dialog[open]')
  await tabTo('dialog[open] a[href="/checkout"]')
  await press('Enter')
  await page.waitForURL('**/checkout')
})
await step('a failed form puts the focus on its summary, and each line of it on its field', async () => {
  await page.waitForSelector('.guest-choice')
  await tabTo('.guest-choice button')
  await press('Enter')
  await page.waitForSelector('[name=email]')
  await tabTo('[name=email]')
  await press('Enter')
  await focused('.error-summary')
  await press('Tab')
  await press('Enter')
  await focused('[name=email]')
})
await step('details, delivery', async () => {
  for (const [name, value] of Object.entries(ada)) {
    if (name !== 'email') await tabTo(`[name=${name}]`)
    await page.keyboard.type(value)
  }
  await press('Enter')
  await page.waitForURL('**/checkout/delivery')
  await focused('#part-delivery')
  await tabTo('[name=shipping]')
  await press('Enter')
  await page.waitForURL('**/checkout/payment')
  await focused('#part-payment')
})
await step('a card and a confirmed order', async () => {
  await page.waitForSelector('[name=cc-number]')
  for (const [name, value] of [['cc-number', CARDS.challenge], ['cc-exp', '12/34'], ['cc-csc', '123']]) {
    await tabTo(`[name=${name}]`)
    await page.keyboard.type(value)
  }
  await press('Enter')
  await page.waitForSelector('dialog[open]')
  await tabTo(`dialog[open] .btn-primary`)
  expect((await page.textContent('dialog[open] .btn-primary')).includes(t('challenge.pass')), 'another button is first')
  await press('Enter')
  await confirmed(page)
})
await finish()
