// Why a cart costs what it costs, in the buyer's language: the server's code and values, and its own sentence where the
// catalogue has none.
import type { Schemas } from '@souk/client'
import { countryName, money, percent } from './format.ts'
import { tr } from './index.ts'

export type Reason = Schemas['ReasonView']

export function reasonText({ code, message, discount_code, values }: Reason): string {
  const { zone, option, country, discount, rate_ppm: rate, grams, sum, count } = values
  return tr(`reason.${code}`, message, {
    zone: zone ?? '',
    option: option ?? '',
    country: country ? countryName(country) : '',
    discount: discount ?? discount_code ?? '',
    rate: rate == null ? '' : percent(rate),
    grams: grams ?? 0,
    sum: sum ? money(sum) : '',
    more: count ?? 0,
  })
}

/** The rates that were applied, each once: `New York, 8.875 %`. */
export function taxRates(reasons: readonly Reason[]): string[] {
  const rates = reasons.flatMap(({ code, values: { zone, rate_ppm: rate } }) =>
    code.startsWith('tax_') && zone && rate != null ? [`${zone}, ${percent(rate)}`] : [],
  )
  return [...new Set(rates)]
}
