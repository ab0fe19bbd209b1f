import { expect, test } from 'vitest'
import type { Product } from '../api/queries.ts'
import { choiceOf, standing, variantOf } from './variants.ts'

const price = { amount: 100, currency: 'USD' }
const variant = (size: string, colour: string, available: number | null) => ({
  id: `${size}-${colour}`, sku: null, title: `${size} / ${colour}`, options: { Size: size, Colour: colour }, price,
  compare_at_price: null, grams: 0, available,
})
const product = {
  options: [{ name: 'Size', values: ['S', 'M'] }, { name: 'Colour', values: ['red', 'blue'] }],
  variants: [variant('S', 'red', 0), variant('S', 'blue', 3), variant('M', 'red', null)],
} as unknown as Product

test('the first that can be bought is chosen, and the URL counts more', () => {
  expect(choiceOf(product, new URLSearchParams())).toEqual({ Size: 'S', Colour: 'blue' })
  expect(choiceOf(product, new URLSearchParams('Size=M'))).toEqual({ Size: 'M', Colour: 'red' })
  expect(choiceOf(product, new URLSearchParams('Size=XL'))).toEqual({ Size: 'S', Colour: 'blue' })
})

test('says what cannot be had', () => {
  const choice = { Size: 'S', Colour: 'blue' }
  expect(variantOf(product, choice)?.id).toBe('S-blue')
  expect(standing(product, choice, 'Colour', 'red')).toBe('out')
  expect(standing(product, choice, 'Size', 'M')).toBe('none')
  expect(standing(product, { Size: 'M', Colour: 'red' }, 'Size', 'M')).toBe('can')
})
