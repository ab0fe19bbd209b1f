import type { Shop } from '../app/boot.ts'
import { read, write } from '../app/stored.ts'
import { likelyCountry } from '../i18n/countries.ts'
import { day, money, workingDays } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'

type Zone = Shop['shipping_zones'][number]
export type Option = Zone['options'][number]

const KEPT = 'souk.country'

export function zoneOf(shop: Shop, country: string): Zone | undefined {
  return shop.shipping_zones.find(({ countries }) => countries === null || countries.includes(country))
}

/** Where the buyer wants it: what was said before, else what the browser suggests, if the shop ships there. */
export function country(shop: Shop): string {
  const wanted = read<string>(KEPT) ?? likelyCountry()
  if (wanted && zoneOf(shop, wanted)) return wanted
  return shop.shipping_zones.find(({ countries }) => countries)?.countries?.[0] ?? 'US'
}

export const keepCountry = (code: string) => write(KEPT, code)

/** The countries that the shop ships to; undefined: all. */
export function shippable(shop: Shop): readonly string[] | undefined {
  if (shop.shipping_zones.some(({ countries }) => countries === null)) return undefined
  return [...new Set(shop.shipping_zones.flatMap(({ countries }) => countries ?? []))]
}

export function arrival({ days }: Option, now = new Date()): string | undefined {
  if (!days) return undefined
  const [first, last] = [workingDays(now, days.min), workingDays(now, days.max)]
  return days.min === days.max ? day(first) : t('delivery.between', { from: day(first), to: day(last) })
}

export function cost({ from_price: price, free_from: free }: Option): string {
  const text = price.amount === 0 ? t('delivery.free') : money(price)
  return free && price.amount > 0 ? t('delivery.freefrom', { price: text, sum: money(free) }) : text
}
