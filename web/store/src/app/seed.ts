import { begin } from './boot.ts'
import { seed } from '../api/queries.ts'
import { homeQuestion, questionOf } from '../catalogue/question.ts'
import { seedCart } from '../cart/store.ts'

/** Puts what the document brought along where the pages look for it. */
export function seedPage(): void {
  const { data, shop } = begin
  if (!data) return
  const { pathname, search } = location
  const currency = shop?.currencies[0] ?? 'USD'
  if (data.list) {
    const slug = /^\/collections\/([^/]+)/.exec(pathname)?.[1]
    const question = pathname === '/' ? homeQuestion : questionOf(new URLSearchParams(search), currency, slug)
    seed(['products', question], data.list)
  }
  if (data.product) {
    seed(['product', data.product.handle], data.product)
    seed(['product', data.product.id], data.product)
  }
  for (const [id, product] of Object.entries(data.products ?? {})) seed(['product', id], product)
  if (data.cart) seedCart(data.cart)
}
