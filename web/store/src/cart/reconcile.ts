// What the buyer wants in the cart, and the next call that brings the server's cart nearer to it. Wishes are quantities
// and not steps, so a call whose answer was lost can be looked up and needs no guess: nothing is added twice.
import type { Schemas } from '../api/client.ts'
import type { Money } from '../i18n/format.ts'

export type Cart = Schemas['CartView']
export type Line = Cart['lines'][number]

export interface Wish {
  quantity: number
  /** What a line shows that the server has not confirmed yet. */
  product_id: string
  title: string
  unit_price: Money
}

export type Wishes = Record<string, Wish>

export type Step =
  | { do: 'add' | 'set'; variant: string; quantity: number }
  | { do: 'remove'; variant: string }

export function nextStep(lines: readonly Line[], wishes: Wishes): Step | undefined {
  for (const [variant, { quantity }] of Object.entries(wishes)) {
    const has = lines.find((line) => line.variant_id === variant)?.quantity ?? 0
    if (has === quantity) continue
    if (quantity === 0) return { do: 'remove', variant }
    return { do: has === 0 ? 'add' : 'set', variant, quantity }
  }
  return undefined
}

/** The wishes that the cart does not meet yet. */
export function unmet(lines: readonly Line[], wishes: Wishes): Wishes {
  return Object.fromEntries(
    Object.entries(wishes).filter(([variant, { quantity }]) => {
      const has = lines.find((line) => line.variant_id === variant)?.quantity ?? 0
      return has !== quantity
    }),
  )
}
