import { useEffect, useRef } from 'react'
import type { Schemas } from '../api/client.ts'
import { money } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { reasonText, taxRates, type Reason } from '../i18n/reason.ts'
import { announce } from '../ui/Announcer.tsx'

interface TotalsProps {
  totals: Schemas['TotalsView']
  discounts: readonly Schemas['DiscountView'][]
  reasons?: readonly Reason[]
  /** Shown while shipping is not chosen yet. */
  shippingHint?: string | undefined
  /** What is shown is not what the server says yet. */
  updating?: boolean
}

const why = (reasons: readonly Reason[], start: string) =>
  reasons.filter(({ code, variant_id }) => code.startsWith(start) && !variant_id).map(reasonText)

export function Totals({ totals, discounts, reasons = [], shippingHint, updating }: TotalsProps) {
  const { subtotal, shipping, tax, tax_included: included, total } = totals
  const rates = taxRates(reasons)
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
          {why(reasons, 'shipping').map((text) => <small key={text}>{text}</small>)}
        </dt>
        <dd>{shippingHint ?? (shipping.amount === 0 ? t('delivery.free') : money(shipping))}</dd>
      </div>
      {!included && (tax.amount > 0 || rates.length > 0) && (
        <div className="total">
          <dt>
            {t('total.tax')}
            {rates.map((rate) => <small key={rate}>{rate}</small>)}
          </dt>
          <dd>{money(tax)}</dd>
        </div>
      )}
      <div className="total total-sum">
        <dt>
          {t('total.total')}
          {included && tax.amount > 0 && <small>{t('total.included', { tax: money(tax) })}{rates.map((rate) => ` (${rate})`)}</small>}
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
