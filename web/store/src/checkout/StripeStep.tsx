import { useEffect, useRef, useState } from 'react'
import { money, type Money } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { useForm, type FormState } from '../ui/form.tsx'
import { elementsFor, loadStripe, type Stripe, type StripeElements } from './stripe.ts'

interface StripeStepProps {
  publishableKey: string
  total: Money
  /** Places the order and confirms it with this method. */
  onPay: (method: { type: 'stripe'; payment_method: string }, stripe: Stripe) => Promise<void>
}

export default function StripeStep({ publishableKey, total, onPay }: StripeStepProps) {
  const frame = useRef<HTMLDivElement>(null)
  const parts = useRef<{ stripe: Stripe; elements: StripeElements }>(undefined)
  const [failed, setFailed] = useState(false)
  const [round, setRound] = useState(0)
  const { amount, currency } = total
  useEffect(() => {
    let unmount = () => {}
    let gone = false
    loadStripe(publishableKey).then(
      (stripe) => {
        if (gone || !frame.current) return
        const elements = elementsFor(stripe, { amount, currency })
        const element = elements.create('payment')
        element.mount(frame.current)
        parts.current = { stripe, elements }
        unmount = () => element.unmount()
      },
      () => setFailed(true),
    )
    return () => {
      gone = true
      unmount()
    }
  }, [publishableKey, amount, currency, round])
  const form: FormState<'card'> = useForm<'card'>({
    values: { card: '' },
    onSubmit: async (): Promise<void> => {
      if (!parts.current) return form.fail({ form: t('card.loading') })
      const { stripe, elements } = parts.current
      const checked = await elements.submit()
      if (checked.error) return form.fail({ form: checked.error.message ?? t('error.unknown') })
      const made = await stripe.createPaymentMethod({ elements })
      if (!made.paymentMethod) return form.fail({ form: made.error?.message ?? t('error.unknown') })
      await onPay({ type: 'stripe', payment_method: made.paymentMethod.id }, stripe)
    },
  })
  return (
    <form className="form" noValidate onSubmit={form.submit}>
      {form.summary}
      {failed && (
        <p className="note note-bad">
          {t('card.notloaded')}{' '}
          <button
            type="button"
            className="link"
            onClick={() => {
              setFailed(false)
              setRound(round + 1)
            }}
          >
            {t('error.retry')}
          </button>
        </p>
      )}
      <div ref={frame} />
      <Button type="submit" busy={form.busy}>
        <Icon name="lock" />
        {t('checkout.pay', { amount: money(total) })}
      </Button>
      <p className="small muted">{t('checkout.secure')}</p>
    </form>
  )
}
