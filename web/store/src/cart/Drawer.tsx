import { useEffect, useRef } from 'react'
import { Link, useLocation } from 'react-router'
import { t } from '../i18n/index.ts'
import { problemText } from '../ui/form.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { shippingEstimate } from './estimate.ts'
import { Lines } from './Lines.tsx'
import { openDrawer, useCart, useDrawer } from './store.ts'
import { countItems } from './shown.ts'
import { Totals } from './Totals.tsx'
import { useShop } from '../api/queries.ts'

export default function CartDrawer() {
  const { open } = useDrawer()
  const { pathname } = useLocation()
  const state = useCart()
  const shop = useShop()
  const { cart, wishes, fault } = state
  const shownOn = useRef(pathname)
  useEffect(() => {
    // Another page closes it; that it is there for the first time does not.
    if (shownOn.current === pathname) return
    shownOn.current = pathname
    openDrawer(false)
  }, [pathname])
  const count = countItems(state)
  const close = () => openDrawer(false)
  const foot = count > 0 && (
    <>
      {cart && (
        <Totals
          totals={cart.totals}
          discounts={cart.discounts}
          shippingHint={shippingEstimate(cart, shop)}
          updating={Object.keys(wishes).length > 0}
        />
      )}
      <Link className="btn btn-primary" to="/checkout" onClick={close}>
        {t('cart.checkout')}
      </Link>
      <Link className="link small" to="/cart" onClick={close}>
        {t('cart.view')}
      </Link>
    </>
  )
  return (
    <Dialog kind="drawer" open={open} onClose={close} title={t('cart.with', { count })} foot={foot}>
      {fault && (
        <p className="note note-bad mt-4" role="alert">
          {problemText(fault)}
        </p>
      )}
      {count > 0 ? (
        <Lines />
      ) : (
        <>
          <p className="empty">{t('cart.empty')}</p>
          <Link className="btn btn-primary" to="/products" onClick={close}>
            {t('cart.browse')}
          </Link>
        </>
      )}
    </Dialog>
  )
}
