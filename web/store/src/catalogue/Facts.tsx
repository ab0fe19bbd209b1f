import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import { useShop, type Product, type Variant } from '../api/queries.ts'
import { countries } from '../i18n/countries.ts'
import { t } from '../i18n/index.ts'
import { Icon } from '../ui/Icon.tsx'
import { arrival, cost, country, keepCountry, shippable, zoneOf } from './delivery.ts'

/** What a buyer wants to know beside the button: when it comes, what that costs, whether it may go back, who sells it. */
export function Facts({ product, variant }: { product: Product; variant: Variant | undefined }) {
  const shop = useShop()
  const [chosen, setChosen] = useState(() => shop && country(shop))
  const list = useMemo(() => shop && countries(shippable(shop)), [shop])
  if (!shop || !list) return null
  const where = chosen ?? country(shop)
  const option = zoneOf(shop, where)?.options[0]
  const date = option && arrival(option)
  const out = variant?.available === 0
  return (
    <div className="facts">
      <div className="fact">
        <Icon name="truck" />
        <div>
          <p className="fact-title" data-delivery>
            {option && !out ? (date ? t('delivery.arrives', { date }) : option.name) : t('delivery.when')}
          </p>
          <p className="muted">
            {option ? cost(option) : t('delivery.none')}
            {' · '}
            <label>
              {t('delivery.to')}{' '}
              <select
                className="fact-select"
                value={where}
                onChange={(event) => {
                  setChosen(event.target.value)
                  keepCountry(event.target.value)
                }}
              >
                {list.map(({ code, name }) => (
                  <option key={code} value={code}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          </p>
        </div>
      </div>
      {shop.returns_days !== null && (
        <div className="fact">
          <Icon name="back" />
          <p>
            <Link to="/returns">{t('returns.line', { count: shop.returns_days })}</Link>
          </p>
        </div>
      )}
      <div className="fact">
        <Icon name="store" />
        <p>{t('product.seller', { vendor: product.vendor })}</p>
      </div>
    </div>
  )
}
