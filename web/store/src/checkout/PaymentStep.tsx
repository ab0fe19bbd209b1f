import { Suspense, useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import { ApiProblem } from '../api/client.ts'
import { queryClient, useShop } from '../api/queries.ts'
import { part } from '../app/load.ts'
import { cart, useCart } from '../cart/store.ts'
import type { LineFaults } from '../cart/Lines.tsx'
import { money, type Money } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { announce } from '../ui/Announcer.tsx'
import { Button } from '../ui/Button.tsx'
import { problemText } from '../ui/form.tsx'
import { answerChallenge, attempt, cancel, confirm, endAttempt, lookAt, paymentOf, place, type Order, type Payment } from './attempt.ts'
import { CardStep } from './CardStep.tsx'
import { Challenge } from './Challenge.tsx'
import { forgetDraft } from './draft.ts'
import { Hold } from './Hold.tsx'
import type { Stripe } from './stripe.ts'

const StripeStep = part(() => import('./StripeStep.tsx'))

interface PaymentStepProps {
  order: Order | undefined
  setOrder: (order: Order | undefined) => void
  onLines: (faults: LineFaults) => void
}

export default function PaymentStep({ order, setOrder, onLines }: PaymentStepProps) {
  const shop = useShop()
  const navigate = useNavigate()
  const { cart: current } = useCart()
  const [note, setNote] = useState<string>()
  const [payment, setPayment] = useState<Payment | undefined>(order?.payment)
  const total = order?.totals.total ?? current?.totals.total
  const [seen, setSeen] = useState<Money | undefined>(total)

  const done = (paid: Order) => {
    endAttempt()
    forgetDraft()
    queryClient.removeQueries({ queryKey: ['order', paid.id] })
    navigate(`/orders/${paid.id}`, { replace: true })
    cart.forget(paid.cart_id, paid.id)
  }

  /** Where the order stands decides what is next, whoever changed it. */
  async function follow(placed: Order): Promise<void> {
    const newest = await lookAt(placed.id)
    if (newest.status === 'awaiting_payment') {
      const current = await paymentOf(newest)
      if (current.status === 'captured' || current.status === 'processing') return done(newest)
      setOrder(newest)
      setPayment(current)
    } else if (newest.status === 'confirmed' || newest.status === 'refunded') {
      done(newest)
    } else {
      over(newest.status)
    }
  }

  function over(status: string): void {
    endAttempt()
    setOrder(undefined)
    setPayment(undefined)
    setNote(t(status === 'expired' ? 'hold.over' : 'checkout.ended'))
    void cart.reload()
  }

  async function pay(method: Parameters<typeof confirm>[1], stripe?: Stripe): Promise<void> {
    setNote(undefined)
    onLines({})
    const placed = await placed_()
    if (!placed) return
    if (placed.status === 'confirmed') return done(placed)
    const result = await confirm(placed, method).catch(async (error: unknown) => {
      // Closed meanwhile: by another tab that paid, or by its end.
      if (error instanceof ApiProblem && error.code === 'payment_closed') {
        await follow(placed)
        return undefined
      }
      throw error
    })
    if (!result) return
    if (result.status === 'requires_action' && stripe) {
      const secret = (placed.payment.client as { client_secret?: string }).client_secret ?? ''
      const { error } = await stripe.handleNextAction({ clientSecret: secret })
      if (error) setNote(error.message ?? t('pay.declined'))
      return follow(placed)
    }
    await outcome(placed, result)
  }

  async function placed_(): Promise<Order | undefined> {
    if (order) return order
    const wanted = cart.state.cart
    if (!wanted || !seen) return undefined
    try {
      await cart.settled()
      const placed = await place(wanted.id, seen)
      setOrder(placed)
      setPayment(placed.payment)
      return placed
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      if (error.code === 'out_of_stock' || error.code === 'not_on_sale') {
        onLines(
          Object.fromEntries(
            error.items.map((item) => {
              const { variant_id: variant, available } = item as { variant_id: string; available?: number }
              return [variant, available === undefined ? { gone: true } : { available }]
            }),
          ),
        )
        await cart.reload()
        setNote(t('checkout.short'))
        return undefined
      }
      if (error.code === 'price_changed') {
        const before = seen
        await cart.reload()
        const now = cart.state.cart?.totals.total
        setSeen(now)
        setNote(now ? t('checkout.moved', { before: money(before), now: money(now) }) : problemText(error))
        return undefined
      }
      if (error.code === 'cart_completed' || error.code === 'cart_empty') await cart.reload()
      throw error
    }
  }

  async function outcome(placed: Order, result: Payment): Promise<void> {
    setPayment(result)
    if (result.status === 'captured') {
      announce(t('pay.captured'))
      return done(placed)
    }
    if (result.status === 'processing') return done(placed)
    if (result.status === 'declined') setNote(t('pay.declined'))
  }

  // A reload in the middle: what was begun goes on.
  useEffect(() => {
    const kept = attempt()
    if (order || !kept || kept.cart !== current?.id) return
    let gone = false
    place(kept.cart, kept.total).then(
      async (placed) => {
        if (!gone) await follow(placed)
      },
      (error: unknown) => {
        if (!gone) setNote(problemText(error))
      },
    )
    return () => {
      gone = true
    }
    // Once for this cart.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [current?.id])

  // The total that is paid is the one that was shown.
  useEffect(() => {
    if (total && !order && seen?.amount !== total.amount) setSeen(total)
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [total?.amount])

  if (!shop || !total) return null
  const stripe = shop.payment.provider === 'stripe' ? shop.payment.publishable_key : undefined
  return (
    <div className="form">
      {note && (
        <p className="note note-bad" role="alert" data-note>
          {note}
        </p>
      )}
      {order && (
        <Hold
          until={order.hold_expires_at}
          onOver={() => void follow(order).catch(() => undefined)}
        />
      )}
      {stripe && total.amount > 0 ? (
        <Suspense fallback={<div className="skeleton skeleton-line" />}>
          <StripeStep publishableKey={stripe} total={total} onPay={pay} />
        </Suspense>
      ) : (
        <CardStep total={total} onPay={pay} />
      )}
      {order && (
        <Button
          look="line"
          small
          className="justify-self-start"
          onClick={() =>
            void cancel(order).then(
              () => over('cancelled'),
              (error: unknown) => setNote(problemText(error)),
            )
          }
        >
          {t('checkout.cancel')}
        </Button>
      )}
      {order && payment?.status === 'requires_action' && payment.action_url && !stripe && (
        <Challenge
          open
          amount={money(total)}
          onAnswer={async (answer) => {
            await answerChallenge(payment.action_url!, answer)
            setPayment(undefined)
            if (answer === 'fail') setNote(t('pay.declined'))
            const status = await settledPayment(order)
            if (status === 'captured' || status === 'processing') done(order)
            else await follow(order)
          }}
        />
      )}
    </div>
  )
}

/** The provider tells the shop of a challenge's outcome; that takes a moment. */
async function settledPayment(order: Order): Promise<string> {
  for (let tries = 0; tries < 40; tries++) {
    const { status } = await paymentOf(order)
    if (status !== 'requires_action') return status
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return 'requires_action'
}
