// Fails a build of which a page loads more JavaScript than the budget before it is there: what its document names, in
// the longer of the two languages. Parts that a page fetches when they are used (the cart's drawer, the chat, the card
// form) are not in its document. The pages are those of http/src/routes/storefront.
import { readFileSync, statSync } from 'node:fs'

const BUDGET_KIB = 120
const frame = 'src/account/Frame.tsx'
const PAGES = [
  ['src/catalogue/Home.tsx'],
  ['src/catalogue/Listing.tsx'],
  ['src/catalogue/ProductPage.tsx'],
  ['src/cart/CartPage.tsx'],
  ['src/checkout/CheckoutPage.tsx'],
  ['src/order/OrderPage.tsx'],
  ...['SignIn', 'Register', 'Forgot', 'Reset', 'ConfirmEmail', 'ConfirmNewEmail'].map((name) => [`src/account/${name}.tsx`]),
  ...['Profile', 'Orders', 'Addresses', 'Inbox', 'Security', 'Sessions'].map((name) => [frame, `src/account/${name}.tsx`]),
  ...['Delivery', 'Returns', 'Help'].map((name) => [`src/pages/${name}.tsx`]),
]

const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'))

function follow(name, files) {
  const chunk = manifest[name]
  if (!chunk) throw new Error(`the manifest has no ${name}`)
  if (files.has(chunk.file)) return files
  files.add(chunk.file)
  for (const other of chunk.imports ?? []) follow(other, files)
  return files
}

const size = (file) => statSync(new URL(`${file}.br`, dist)).size
let failed = false
for (const page of PAGES) {
  const files = new Set()
  for (const name of ['index.html', 'src/i18n/de.json', ...page]) follow(name, files)
  const bytes = [...files].filter((file) => file.endsWith('.js')).reduce((sum, file) => sum + size(file), 0)
  const kib = bytes / 1024
  failed ||= kib > BUDGET_KIB
  console.log(`${kib.toFixed(1).padStart(7)} KiB of JavaScript (br)  ${page.at(-1)}${kib > BUDGET_KIB ? '  OVER BUDGET' : ''}`)
}
if (failed) {
  console.error(`a page loads more than ${BUDGET_KIB} KiB; split it, or leave something out`)
  process.exit(1)
}
