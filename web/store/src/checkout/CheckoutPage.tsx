// One page, three parts, each with a URL: what is done folds up into a summary, what is next is open.
import { Suspense, useEffect, useRef, useState, type ReactNode } from 'react'
import { Link, Navigate, useNavigate, useParams } from 'react-router'
import { useSession } from '../api/session.ts'
import { useShop } from '../api/queries.ts'
import { Coupon } from '../cart/Coupon.tsx'
import { Lines, type LineFaults } from '../cart/Lines.tsx'
import { part } from '../app/load.ts'
import { countItems } from '../cart/shown.ts'
import { shippingEstimate } from '../cart/estimate.ts'
import { useCart } from '../cart/store.ts'
import { Totals } from '../cart/Totals.tsx'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'
import { Loading, useTitle } from '../ui/Page.tsx'
import { AddressText } from './AddressFields.tsx'
import { DeliveryStep } from './DeliveryStep.tsx'
import { DetailsStep } from './DetailsStep.tsx'
import { useDraft } from './draft.ts'
import type { Order } from './attempt.ts'

const loadPayment = () => import('./PaymentStep.tsx')
const PaymentStep = part(loadPayment)

const STEPS = ['details', 'delivery', 'payment'] as const
type Step = (typeof STEPS)[number]

const pathOf = (step: Step) => (step === 'details' ? '/checkout' : `/checkout/${step}`)

export default function CheckoutPage() {
  useTitle(t('checkout.title'))
  const { step: asked = 'details' } = useParams()
  const navigate = useNavigate()
  const state = useCart()
  const { cart, ready, wishes } = state
  const shop = useShop()
  const { signedIn, pending } = useSession()
  const { draft, keep } = useDraft()
  const [order, setOrder] = useState<Order>()
  const [faults, setFaults] = useState<LineFaults>({})
  useEffect(() => {
    // Fetched while the buyer still types; what fails is fetched again when it is due.
    void loadPayment().catch(() => undefined)
  }, [])

  if ((!ready && Object.keys(wishes).length === 0) || pending) return <Loading title={t('checkout.title')} />
  // Paid in another tab.
  if (countItems(state) === 0 && !order && state.bought) return <Navigate to={`/orders/${state.bought}`} replace />
  if (countItems(state) === 0 && !order) {
    return (
      <div className="wrap page">
        <h1>{t('checkout.title')}</h1>
        <p className="empty">{t('cart.empty')}</p>
        <Link className="btn btn-primary" to="/products">
          {t('cart.browse')}
        </Link>
      </div>
    )
  }
  const reached: Step = order ? 'payment' : !cart?.shipping_address || !cart.email ? 'details' : !cart.shipping_option_id ? 'delivery' : 'payment'
  const step = STEPS.find((one) => one === asked)
  // A link into a part that is not due yet leads to the one that is.
  if (!step || STEPS.indexOf(step) > STEPS.indexOf(reached)) return <Navigate to={pathOf(reached)} replace />
  const locked = order !== undefined || cart?.status === 'in_checkout'
  if (locked && step !== 'payment') return <Navigate to={pathOf('payment')} replace />
  const go = (next: Step) => navigate(pathOf(next))
  const choosing = !signedIn && !draft.guest && step === 'details'
  const option = shop?.shipping_zones.flatMap(({ options }) => options).find(({ id }) => id === cart?.shipping_option_id)
  return (
    <div className="wrap checkout">
      <h1>{t('checkout.title')}</h1>
      <div className="cart-grid mt-6">
        <div>
          {choosing ? (
            <section className="panel guest-choice" aria-labelledby="who">
              <h2 id="who">{t('checkout.who')}</h2>
              <Button onClick={() => keep({ guest: true })}>{t('checkout.guest')}</Button>
              <p className="muted">{t('checkout.guest.text')}</p>
              <Link className="btn btn-line" to="/account/sign-in?next=/checkout">
                {t('account.signin')}
              </Link>
            </section>
          ) : (
            <>
              <Part
                name="details"
                current={step}
                reached={reached}
                locked={locked}
                summary={
                  cart?.shipping_address && (
                    <>
                      {cart.email}
                      <br />
                      <AddressText address={cart.shipping_address} />
                    </>
                  )
                }
              >
                <DetailsStep
                  kept={draft.details}
                  keep={(details) => keep({ details })}
                  onDone={() => go('delivery')}
                />
              </Part>
              <Part name="delivery" current={step} reached={reached} locked={locked} summary={option?.name}>
                <DeliveryStep onDone={() => go('payment')} />
              </Part>
              <Part name="payment" current={step} reached={reached} locked={locked} summary={undefined}>
                <Suspense fallback={<div className="skeleton skeleton-line" />}>
                  <PaymentStep order={order} setOrder={setOrder} onLines={setFaults} />
                </Suspense>
              </Part>
            </>
          )}
        </div>
        <aside className="summary" aria-label={t('summary.title')}>
          <h2>{t('summary.title')}</h2>
          <Lines faults={faults} />
          {cart && (
            <Totals
              totals={cart.totals}
              discounts={cart.discounts}
              reasons={cart.reasons}
              shippingHint={shippingEstimate(cart, shop)}
              updating={Object.keys(wishes).length > 0}
            />
          )}
          {cart?.status === 'open' && !order && <Coupon />}
        </aside>
      </div>
    </div>
  )
}

interface PartProps {
  name: Step
  current: Step
  reached: Step
  locked: boolean
  summary: ReactNode
  children: ReactNode
}

function Part({ name, current, reached, locked, summary, children }: PartProps) {
  const open = name === current
  const heading = useRef<HTMLHeadingElement>(null)
  const was = useRef(open)
  useEffect(() => {
    if (open && !was.current) heading.current?.focus()
    was.current = open
  }, [open])
  const canOpen = STEPS.indexOf(name) <= STEPS.indexOf(reached)
  return (
    <section className="panel" aria-labelledby={`part-${name}`} data-part={name} data-open={open || undefined}>
      <div className="panel-head">
        <h2 id={`part-${name}`} tabIndex={-1} ref={heading}>
          {t(`checkout.${name}`)}
        </h2>
        {!open && canOpen && !locked && (
          <Link className="link small" to={pathOf(name)}>
            {t('change')}
            <span className="sr-only"> {t(`checkout.${name}`)}</span>
          </Link>
        )}
      </div>
      {open ? <div className="panel-body">{children}</div> : summary && <p className="summary-line">{summary}</p>}
    </section>
  )
}
