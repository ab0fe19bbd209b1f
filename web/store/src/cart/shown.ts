// The cart as it is shown: the server's, with what the buyer wants over it.
import type { Cart, Line, Wishes } from './reconcile.ts'

export interface ShownLine extends Line {
  /** Not confirmed by the server yet. */
  pending: boolean
}

export function shownLines(cart: Cart | undefined, wishes: Wishes): ShownLine[] {
  const zero = (currency: string) => ({ amount: 0, currency })
  const lines = (cart?.lines ?? []).flatMap((line): ShownLine[] => {
    const wish = wishes[line.variant_id]
    if (!wish) return [{ ...line, pending: false }]
    if (wish.quantity === 0) return []
    const total = { ...line.unit_price, amount: line.unit_price.amount * wish.quantity }
    return [{ ...line, quantity: wish.quantity, total, pending: true }]
  })
  const known = new Set(cart?.lines.map(({ variant_id }) => variant_id))
  for (const [variant_id, { quantity, product_id, title, unit_price }] of Object.entries(wishes)) {
    if (known.has(variant_id) || quantity === 0) continue
    const total = { ...unit_price, amount: unit_price.amount * quantity }
    const none = zero(unit_price.currency)
    lines.push({ variant_id, product_id, title, quantity, unit_price, total, discount: none, tax: none, pending: true })
  }
  return lines
}

export function countItems({ cart, wishes }: { cart: Cart | undefined; wishes: Wishes }): number {
  return shownLines(cart, wishes).reduce((sum, { quantity }) => sum + quantity, 0)
}
