import { useState } from 'react'
import { t } from '../i18n/index.ts'
import { reasonText } from '../i18n/reason.ts'
import { Button } from '../ui/Button.tsx'
import { Field, useForm } from '../ui/form.tsx'
import { cart, useCart } from './store.ts'

export function Coupon() {
  const { cart: current } = useCart()
  const [code, setCode] = useState('')
  const codes = current?.discount_codes ?? []
  const form = useForm<'code'>({
    values: { code },
    check: ({ code }) => ({ code: code.trim() ? undefined : t('coupon.missing') }),
    pointers: Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`/discount_codes/${index}`, 'code' as const])),
    codes: { discount_ended: 'code', discount_not_begun: 'code', discount_not_applicable: 'code', discount_used_up: 'code' },
    onSubmit: async ({ code }) => {
      const typed = code.replace(/\s+/g, '').toUpperCase()
      await cart.patch({ discount_codes: [...codes.filter((other) => other !== typed), typed] })
      setCode('')
    },
  })
  const { id, error } = form.field('code')
  return (
    <form onSubmit={form.submit} noValidate className="form">
      <div className="coupon">
        <Field
          id={id}
          label={t('coupon.label')}
          error={error ?? form.faults.form}
          name="code"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={code}
          onChange={(event) => {
            form.recheck({ code: event.target.value })
            setCode(event.target.value)
          }}
        />
        <Button type="submit" look="line" busy={form.busy}>
          {t('coupon.apply')}
        </Button>
      </div>
      {codes.length > 0 && (
        <ul className="chips">
          {codes.map((one) => (
            <li key={one}>
              <button
                type="button"
                className="chip"
                aria-label={t('filters.remove', { name: one })}
                onClick={() => void cart.patch({ discount_codes: codes.filter((other) => other !== one) })}
              >
                {one} <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {current?.reasons
        .filter(({ code, discount_code }) => discount_code && code.startsWith('discount_') && !current.discounts.some((d) => d.code === discount_code))
        .map((reason) => (
          <p key={reason.discount_code} className="small muted" role="status">
            {reasonText(reason)}
          </p>
        ))}
    </form>
  )
}
