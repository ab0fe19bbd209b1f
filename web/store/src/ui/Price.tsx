import { money, type Money } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'

export function Price({ price, before }: { price: Money; before: Money | null | undefined }) {
  if (!before) return <>{money(price)}</>
  return (
    <>
      <span className="sr-only">{t('price.now')} </span>
      <span className="price-sale">{money(price)}</span>{' '}
      <s>
        <span className="sr-only">{t('price.before')} </span>
        {money(before)}
      </s>
    </>
  )
}
