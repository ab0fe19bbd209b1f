import type { Shop } from '../app/boot.ts'
import { cost, country, zoneOf } from '../catalogue/delivery.ts'
import { t } from '../i18n/index.ts'
import type { Cart } from './reconcile.ts'

/** What delivery will cost at least, until it is chosen. */
export function shippingEstimate(cart: Cart, shop: Shop | undefined): string | undefined {
  if (cart.shipping_option_id || !shop) return undefined
  const option = zoneOf(shop, cart.shipping_address?.country ?? country(shop))?.options[0]
  if (!option) return t('total.later')
  const free = option.free_from && cart.totals.subtotal.amount >= option.free_from.amount
  return free ? t('delivery.free') : t('total.from', { price: cost({ ...option, free_from: null }) })
}
