import { expect, test, vi } from 'vitest'

vi.mock('../i18n/index.ts', () => ({ t: (key: string) => key }))
const { checkCard, tokenOf } = await import('./card.ts')

const now = new Date('2026-11-24')
const good = { number: '4242 4242 4242 4242', expiry: '11/26', code: '123' }

test('twelve untidy ways to type a card are fine', () => {
  const untidy = [
    { number: '4242424242424242' }, { number: ' 4242-4242-4242-4242 ' }, { number: '4242 424242424242' },
    { number: '(4242) 4242 4242 4242' }, { number: '4242.4242.4242.4242' }, { expiry: '11 / 26' }, { expiry: '1126' },
    { expiry: '11-26' }, { expiry: ' 11/2026 ' }, { expiry: '1/27' }, { code: ' 123 ' }, { code: '1234' },
  ]
  for (const change of untidy) expect(checkCard({ ...good, ...change }, now), JSON.stringify(change)).toEqual({})
})

test('says which field is wrong', () => {
  expect(checkCard({ number: '4242 4242 4242 4241', expiry: '13/26', code: '12' }, now)).toEqual({
    number: 'card.number.fault', expiry: 'card.expiry.fault', code: 'card.code.fault',
  })
  expect(checkCard({ ...good, expiry: '10/26' }, now)).toEqual({ expiry: 'card.expiry.past' })
})

test('each test card plays its part', () => {
  expect(tokenOf('4000-0000-0000-0002')).toBe('tok_declined')
  expect(tokenOf('4000 0000 0000 3220')).toBe('tok_challenge')
  expect(tokenOf('4242424242424242')).toBe('tok_ok')
})
