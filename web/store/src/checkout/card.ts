// The sandbox's cards. A number is turned into the sandbox's token here, in the browser, and goes nowhere.
import type { Faults } from '../ui/form.tsx'
import { t } from '../i18n/index.ts'

export type CardField = 'number' | 'expiry' | 'code'
export type Card = Record<CardField, string>

export const TEST_CARDS = {
  tok_ok: '4242 4242 4242 4242',
  tok_declined: '4000 0000 0000 0002',
  tok_challenge: '4000 0000 0000 3220',
  tok_late: '4000 0000 0000 0259',
} as const

const digits = (text: string) => text.replace(/[\s().-]/g, '')

export function tokenOf(number: string): string {
  const typed = digits(number)
  const known = Object.entries(TEST_CARDS).find(([, card]) => digits(card) === typed)
  return known?.[0] ?? 'tok_ok'
}

/** Luhn's check (ISO/IEC 7812-1, annex B). */
function adds(number: string): boolean {
  let sum = 0
  for (let index = 0; index < number.length; index++) {
    let digit = Number(number[number.length - 1 - index])
    if (index % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2
    sum += digit
  }
  return sum % 10 === 0
}

export function checkCard({ number, expiry, code }: Card, now = new Date()): Faults<CardField> {
  const faults: Faults<CardField> = {}
  const typed = digits(number)
  if (!/^\d{12,19}$/.test(typed) || !adds(typed)) faults.number = t('card.number.fault')
  const match = /^(\d{1,2})\s*[/ .-]?\s*(\d{2}|\d{4})$/.exec(expiry.trim())
  const [month, year] = [Number(match?.[1]), Number(match?.[2]) % 100]
  const current = (now.getFullYear() % 100) * 12 + now.getMonth()
  if (!match || month < 1 || month > 12) faults.expiry = t('card.expiry.fault')
  else if (year * 12 + month - 1 < current) faults.expiry = t('card.expiry.past')
  if (!/^\d{3,4}$/.test(digits(code))) faults.code = t('card.code.fault')
  return faults
}
