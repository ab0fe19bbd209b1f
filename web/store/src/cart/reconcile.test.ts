import { expect, test } from 'vitest'
import { nextStep, unmet, type Line } from './reconcile.ts'

const line = (variant_id: string, quantity: number) => ({ variant_id, quantity }) as Line
const wish = (quantity: number) => ({ quantity, product_id: 'p', title: 't', unit_price: { amount: 1, currency: 'USD' } })

test('adds, sets and removes until the cart is as wanted', () => {
  expect(nextStep([], { a: wish(2) })).toEqual({ do: 'add', variant: 'a', quantity: 2 })
  expect(nextStep([line('a', 1)], { a: wish(2) })).toEqual({ do: 'set', variant: 'a', quantity: 2 })
  expect(nextStep([line('a', 1)], { a: wish(0) })).toEqual({ do: 'remove', variant: 'a' })
  expect(nextStep([line('a', 2)], { a: wish(2) })).toBeUndefined()
})

test('a call whose answer was lost is not repeated once it is seen to have worked', () => {
  const wishes = { a: wish(2), b: wish(0) }
  expect(unmet([line('a', 2)], wishes)).toEqual({})
  expect(Object.keys(unmet([line('b', 1)], wishes))).toEqual(['a', 'b'])
})
