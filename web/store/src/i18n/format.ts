import type { Schemas } from '@souk/client'
import { locale } from './index.ts'

export type Money = Schemas['Money']

const formats = new Map<string, Intl.NumberFormat>()

function formatOf(currency: string): Intl.NumberFormat {
  let format = formats.get(currency)
  if (!format) {
    format = new Intl.NumberFormat(locale, { style: 'currency', currency })
    formats.set(currency, format)
  }
  return format
}

/** How many decimals a currency has. */
export function decimals(currency: string): number {
  return formatOf(currency).resolvedOptions().maximumFractionDigits ?? 2
}

export function money({ amount, currency }: Money): string {
  return formatOf(currency).format(amount / 10 ** decimals(currency))
}

const percentFormat = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 4 })
/** Of a rate in millionths. */
export const percent = (ppm: number) => percentFormat.format(ppm / 1_000_000)

const dayFormat = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' })
const momentFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
const timeFormat = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })

export const day = (date: Date) => dayFormat.format(date)
export const moment = (at: string) => momentFormat.format(new Date(at))
export const time = (at: string) => timeFormat.format(new Date(at))

/** `count` working days after `from`. */
export function workingDays(from: Date, count: number): Date {
  const date = new Date(from)
  for (let left = count; left > 0; ) {
    date.setDate(date.getDate() + 1)
    if (date.getDay() !== 0 && date.getDay() !== 6) left -= 1
  }
  return date
}

const regions = new Intl.DisplayNames(locale, { type: 'region' })
export const countryName = (code: string) => regions.of(code) ?? code
