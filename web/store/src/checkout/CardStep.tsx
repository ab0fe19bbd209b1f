import { useState } from 'react'
import { money, type Money } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Field, useForm } from '../ui/form.tsx'
import { checkCard, TEST_CARDS, tokenOf, type Card, type CardField } from './card.ts'

interface CardStepProps {
  total: Money
  onPay: (method: { type: 'sandbox_card'; token: string }) => Promise<void>
}

export function CardStep({ total, onPay }: CardStepProps) {
  const [card, setCard] = useState<Card>({ number: '', expiry: '', code: '' })
  // A total of nothing needs no card.
  const free = total.amount === 0
  const form = useForm<CardField>({
    values: card,
    check: free ? () => ({}) : checkCard,
    onSubmit: ({ number }) => onPay({ type: 'sandbox_card', token: tokenOf(number) }),
  })
  const change = (name: CardField, value: string) => {
    const next = { ...card, [name]: value }
    form.recheck(next)
    setCard(next)
  }
  const input = (name: CardField, autoComplete: string) => (
    <Field
      {...form.field(name)}
      label={t(`card.${name}`)}
      name={autoComplete}
      inputMode="numeric"
      autoComplete={autoComplete}
      spellCheck={false}
      value={card[name]}
      placeholder={name === 'expiry' ? t('card.expiry.form') : undefined}
      onChange={(event) => change(name, event.target.value)}
    />
  )
  return (
    <form className="form" noValidate onSubmit={form.submit}>
      {form.summary}
      {!free && (
        <>
          <div className="note">
            <p>{t('card.sandbox')}</p>
            <div className="chips mt-2">
              {(Object.entries(TEST_CARDS) as [keyof typeof TEST_CARDS, string][]).map(([token, number]) => (
                <button
                  key={token}
                  type="button"
                  className="chip chip-plain"
                  onClick={() => {
                    const filled = { number, expiry: '12/34', code: '123' }
                    form.recheck(filled)
                    setCard(filled)
                  }}
                >
                  {t(`card.${token}`)}
                </button>
              ))}
            </div>
          </div>
          {input('number', 'cc-number')}
          <div className="form-row">
            {input('expiry', 'cc-exp')}
            {input('code', 'cc-csc')}
          </div>
        </>
      )}
      <Button type="submit" busy={form.busy}>
        <Icon name="lock" />
        {free ? t('checkout.place') : t('checkout.pay', { amount: money(total) })}
      </Button>
      <p className="small muted">{t('checkout.secure')}</p>
    </form>
  )
}
