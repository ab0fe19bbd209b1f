// Fails a build whose first page loads more JavaScript than the budget: what the document of each page names.
import { readFileSync, statSync } from 'node:fs'

const BUDGET_KIB = 120
/** Pages where a visit begins; the others are reached from these and may load a little more. */
const INNER_KIB = 128
const PAGES = [
  'src/catalogue/Home.tsx',
  'src/catalogue/Listing.tsx',
  'src/catalogue/ProductPage.tsx',
  'src/cart/CartPage.tsx',
]
const INNER = ['src/checkout/CheckoutPage.tsx', 'src/order/OrderPage.tsx', 'src/account/AccountPages.tsx']

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
for (const page of [...PAGES, ...INNER]) {
  const budget = INNER.includes(page) ? INNER_KIB : BUDGET_KIB
  const files = follow(page, follow('src/i18n/de.json', follow('index.html', new Set())))
  const bytes = [...files].filter((file) => file.endsWith('.js')).reduce((sum, file) => sum + size(file), 0)
  const kib = bytes / 1024
  failed ||= kib > budget
  console.log(`${kib.toFixed(1).padStart(7)} KiB of JavaScript (br)  ${page}${kib > budget ? '  OVER BUDGET' : ''}`)
}
if (failed) {
  console.error(`a page loads more than its budget; split it, or leave something out`)
  process.exit(1)
}
