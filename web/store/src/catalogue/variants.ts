// Which variant a choice of options is, and which further choice can be had.
import type { Product, Variant } from '../api/queries.ts'

export type Choice = Record<string, string>

const isBuyable = (variant: Variant) => variant.available == null || variant.available > 0

export function variantOf(product: Product, choice: Choice): Variant | undefined {
  return product.variants.find((variant) => product.options.every(({ name }) => variant.options[name] === choice[name]))
}

/** What the URL says, else the first that can be bought. */
export function choiceOf(product: Product, params: URLSearchParams): Choice {
  const first = product.variants.find(isBuyable) ?? product.variants[0]
  const choice: Choice = { ...first?.options }
  const asked: Choice = {}
  for (const { name, values } of product.options) {
    const value = params.get(name)
    if (value && values.includes(value)) asked[name] = value
  }
  const merged = { ...choice, ...asked }
  if (variantOf(product, merged)) return merged
  // A link that names only a part of a variant gets one that has the part.
  const close = product.variants.find((variant) => Object.entries(asked).every(([name, value]) => variant.options[name] === value))
  return close ? { ...close.options } : choice
}

export type Standing = 'can' | 'out' | 'none'

/** What choosing this value, with all else as it is, would come to. */
export function standing(product: Product, choice: Choice, name: string, value: string): Standing {
  const variant = variantOf(product, { ...choice, [name]: value })
  if (!variant) return 'none'
  return isBuyable(variant) ? 'can' : 'out'
}
