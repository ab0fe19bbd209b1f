import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, unwrap } from '../api/client.ts'
import { useShop } from '../api/queries.ts'
import { cart, useCart } from '../cart/store.ts'
import { arrival, zoneOf } from '../catalogue/delivery.ts'
import { money } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'
import { problemText, useForm } from '../ui/form.tsx'

export function DeliveryStep({ onDone }: { onDone: () => void }) {
  const { cart: current } = useCart()
  const shop = useShop()
  const id = current?.id ?? ''
  const options = useQuery({
    queryKey: ['shipping-options', id, current?.version],
    queryFn: () => unwrap(api.GET('/api/v1/carts/{id}/shipping-options', { params: { path: { id } } })),
    enabled: id !== '',
    placeholderData: (old) => old,
  })
  const items = options.data?.items ?? []
  const [picked, setPicked] = useState<string>()
  const chosen = picked ?? current?.shipping_option_id ?? items[0]?.id ?? ''
  const form = useForm<'option'>({
    values: { option: chosen },
    check: ({ option }) => ({ option: option ? undefined : t('delivery.choose') }),
    pointers: { '/shipping_option_id': 'option' },
    onSubmit: async ({ option }) => {
      await cart.patch({ shipping_option_id: option })
      onDone()
    },
  })
  if (options.isError) return <p className="note note-bad">{problemText(options.error)}</p>
  if (!options.data) return <div className="skeleton skeleton-line" />
  if (items.length === 0) return <p className="note note-warn">{t('delivery.none')}</p>
  const zone = shop && zoneOf(shop, current?.shipping_address?.country ?? '')
  const { id: fieldId, error } = form.field('option')
  return (
    <form className="form" noValidate onSubmit={form.submit}>
      {form.summary}
      <fieldset aria-describedby={error ? `${fieldId}-error` : undefined}>
        <legend className="sr-only">{t('checkout.delivery')}</legend>
        {items.map(({ id: option, name, price }, index) => {
          const known = zone?.options.find((one) => one.id === option)
          const date = known && arrival(known)
          return (
            <label className="choice" key={option}>
              <input
                type="radio"
                name="shipping"
                id={index === 0 ? fieldId : undefined}
                value={option}
                checked={chosen === option}
                onChange={() => setPicked(option)}
              />
              <span>{name}</span>
              <span className="choice-price">{price.amount === 0 ? t('delivery.free') : money(price)}</span>
              {date && <span className="choice-sub">{t('delivery.arrives', { date })}</span>}
            </label>
          )
        })}
        {error && (
          <p className="field-error" id={`${fieldId}-error`}>
            {error}
          </p>
        )}
      </fieldset>
      <Button type="submit" busy={form.busy}>
        {t('checkout.topayment')}
      </Button>
    </form>
  )
}
