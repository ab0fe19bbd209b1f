import { expect, test, vi } from 'vitest'

vi.mock('../i18n/format.ts', () => ({ decimals: (currency: string) => (currency === 'JPY' ? 0 : 2) }))
const { amountOf, changed, questionOf, toggled } = await import('./question.ts')

test('prices are read as people type them', () => {
  expect(amountOf('12', 'USD')).toBe(1_200)
  expect(amountOf(' 12,5 ', 'EUR')).toBe(1_250)
  expect(amountOf('1200', 'JPY')).toBe(1_200)
  for (const none of ['', '-3', '1.234', 'abc', '1e9', null]) expect(amountOf(none, 'USD')).toBeUndefined()
})

test('a URL is a question, and what it does not know is left out', () => {
  const params = new URLSearchParams('query=mug&category=a&category=b&sort=-price&in_stock=true&utm_source=x&price_to=9.50')
  expect(questionOf(params, 'USD')).toEqual({
    limit: 24, query: 'mug', category: ['a', 'b'], sort: '-price', in_stock: true, max_price: 950,
  })
  expect(questionOf(new URLSearchParams('category=a'), 'USD', 'ceramics').category).toEqual(['ceramics'])
})

test('another choice begins on the first page', () => {
  const params = new URLSearchParams('query=mug&cursor=abc')
  expect(changed(params, { sort: 'price' })).toBe('?query=mug&sort=price')
  expect(toggled(params, 'category', 'a')).toBe('?query=mug&category=a')
  expect(toggled(new URLSearchParams('category=a'), 'category', 'a')).toBe('?')
})
