import { useEffect, useRef } from 'react'
import type { Schemas } from '../api/client.ts'
import { money } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { announce } from '../ui/Announcer.tsx'

interface TotalsProps {
  totals: Schemas['TotalsView']
  discounts: readonly Schemas['DiscountView'][]
  reasons?: readonly Schemas['ReasonView'][]
  /** Shown while shipping is not chosen yet. */
  shippingHint?: string | undefined
  /** What is shown is not what the server says yet. */
  updating?: boolean
}

const why = (reasons: TotalsProps['reasons'], start: string) =>
  reasons?.filter(({ code, variant_id }) => code.startsWith(start) && !variant_id).map(({ message }) => message)

export function Totals({ totals, discounts, reasons, shippingHint, updating }: TotalsProps) {
  const { subtotal, shipping, tax, tax_included: included, total } = totals
  useTotalNews(updating ? undefined : money(total))
  return (
    <dl className="totals" aria-busy={updating || undefined}>
      <div className="total">
        <dt>{t('total.subtotal')}</dt>
        <dd>{money(subtotal)}</dd>
      </div>
      {discounts.map(({ title, code, amount }) => (
        <div className="total" key={code ?? title}>
          <dt>
            {title}
            {code && <small>{code}</small>}
          </dt>
          <dd>{money({ ...amount, amount: -amount.amount })}</dd>
        </div>
      ))}
      <div className="total">
        <dt>
          {t('total.shipping')}
          {why(reasons, 'shipping')?.map((text) => <small key={text}>{text}</small>)}
        </dt>
        <dd>{shippingHint ?? (shipping.amount === 0 ? t('delivery.free') : money(shipping))}</dd>
      </div>
      {(tax.amount > 0 || why(reasons, 'tax_added')?.length) && !included ? (
        <div className="total">
          <dt>
            {t('total.tax')}
            {why(reasons, 'tax')?.map((text) => <small key={text}>{text}</small>)}
          </dt>
          <dd>{money(tax)}</dd>
        </div>
      ) : null}
      <div className="total total-sum">
        <dt>
          {t('total.total')}
          {included && tax.amount > 0 && <small>{t('total.included', { tax: money(tax) })}</small>}
          {updating && <small>{t('total.updating')}</small>}
        </dt>
        <dd data-total>{money(total)}</dd>
      </div>
    </dl>
  )
}

function useTotalNews(total: string | undefined): void {
  const said = useRef(total)
  useEffect(() => {
    if (total === undefined || said.current === total) return
    if (said.current !== undefined) announce(t('total.now', { total }))
    said.current = total
  }, [total])
}
