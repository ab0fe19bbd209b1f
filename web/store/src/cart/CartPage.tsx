import { Link } from 'react-router'
import { useShop } from '../api/queries.ts'
import { t } from '../i18n/index.ts'
import { Loading, useTitle } from '../ui/Page.tsx'
import { problemText } from '../ui/form.tsx'
import { Coupon } from './Coupon.tsx'
import { shippingEstimate } from './estimate.ts'
import { Lines } from './Lines.tsx'
import { countItems } from './shown.ts'
import { useCart } from './store.ts'
import { Totals } from './Totals.tsx'

export default function CartPage() {
  useTitle(t('cart.title'))
  const state = useCart()
  const shop = useShop()
  const { cart, wishes, ready, fault } = state
  if (!ready && Object.keys(wishes).length === 0) return <Loading title={t('cart.title')} />
  const count = countItems(state)
  return (
    <div className="wrap cart-page">
      <h1>{t('cart.title')}</h1>
      {fault && (
        <p className="note note-bad" role="alert">
          {problemText(fault)}
        </p>
      )}
      {cart?.status === 'in_checkout' && (
        <p className="note note-warn">
          {t('cart.incheckout')} <Link to="/checkout/payment">{t('cart.resume')}</Link>
        </p>
      )}
      {count === 0 ? (
        <>
          <p className="empty">{t('cart.empty')}</p>
          <p>
            <Link className="btn btn-primary" to="/products">
              {t('cart.browse')}
            </Link>
          </p>
        </>
      ) : (
        <div className="cart-grid">
          <div>
            <Lines />
          </div>
          <aside className="summary" aria-label={t('summary.title')}>
            <h2>{t('summary.title')}</h2>
            {cart ? (
              <Totals
                totals={cart.totals}
                discounts={cart.discounts}
                reasons={cart.reasons}
                shippingHint={shippingEstimate(cart, shop)}
                updating={Object.keys(wishes).length > 0}
              />
            ) : (
              <p className="muted">{t('total.updating')}</p>
            )}
            <Link className="btn btn-primary" to="/checkout">
              {t('cart.checkout')}
            </Link>
            {cart?.status === 'open' && <Coupon />}
          </aside>
        </div>
      )}
    </div>
  )
}
