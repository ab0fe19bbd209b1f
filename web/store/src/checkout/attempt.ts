// One attempt to buy: its Idempotency-Key is kept before anything is sent and until the answer is final, so that a double
// click, a reload, the back button, another tab or a lost connection all come back to the same order.
import { backoff } from '@souk/realtime'
import { ApiProblem, api, Unreachable, unwrap, type Schemas } from '../api/client.ts'
import { alone, read, remove, write } from '../app/stored.ts'
import type { Money } from '../i18n/format.ts'
import { keepKey, keyOf } from '../order/keys.ts'

export type Order = Schemas['OrderView']
export type Payment = Schemas['PaymentView']
type Method = Schemas['PaymentMethod']

export interface Attempt {
  key: string
  cart: string
  total: Money
  /** The order that it became. */
  order?: string
}

const ATTEMPT = 'souk.checkout.attempt'
const LOCK = 'souk-checkout'
const TRIES = 8

export const attempt = (): Attempt | undefined => read<Attempt>(ATTEMPT)
export const endAttempt = () => remove(ATTEMPT)
export const ATTEMPT_KEY = ATTEMPT

/** The order of this cart: the one that there is already, or a new one. */
export function place(cart: string, total: Money): Promise<Order> {
  return alone(LOCK, async () => {
    const kept = attempt()
    const same = kept?.cart === cart
    const current = same ? kept : { key: crypto.randomUUID(), cart, total }
    if (!same) write(ATTEMPT, current)
    if (current.order) return lookAt(current.order)
    try {
      const order = await patiently(() => send(current))
      if (order.access_key) keepKey(order.id, order.access_key)
      write(ATTEMPT, { ...current, order: order.id })
      return order
    } catch (error) {
      // A final answer ends the attempt; a lost one does not.
      if (error instanceof ApiProblem && !error.isTemporary && error.status < 500) {
        endAttempt()
        if (error.code === 'cart_in_checkout' && error.orderId && keyOf(error.orderId)) return lookAt(error.orderId)
      }
      throw error
    }
  })
}

function send({ key, cart, total }: Attempt): Promise<Order> {
  return unwrap(
    api.POST('/api/v1/orders', {
      params: { header: { 'Idempotency-Key': key } },
      body: { cart_id: cart, expected_total: total },
    }),
  )
}

export function lookAt(id: string): Promise<Order> {
  return unwrap(api.GET('/api/v1/orders/{id}', { params: { path: { id }, ...withKey(id) } }))
}

export function withKey(id: string) {
  const key = keyOf(id)
  return key ? { header: { 'Order-Key': key } } : {}
}

/** Pays. A lost answer is looked up before anything is sent again: a payment that runs is joined, never doubled. */
export function confirm(order: Order, method: Method): Promise<Payment> {
  return alone(LOCK, () =>
    patiently(() =>
      unwrap(
        api.POST('/api/v1/payments/{id}/confirm', {
          params: { path: { id: order.payment.id }, ...withKey(order.id) },
          body: { method },
        }),
      ),
    ),
  )
}

export function paymentOf(order: Order): Promise<Payment> {
  const params = { path: { id: order.payment.id }, ...withKey(order.id) }
  return unwrap(api.GET('/api/v1/payments/{id}', { params }))
}

export async function answerChallenge(url: string, outcome: 'pass' | 'fail'): Promise<void> {
  const { pathname } = new URL(url, location.origin)
  const intent = pathname.split('/').at(-1) ?? ''
  await unwrap(api.POST('/sandbox/challenges/{intent}', { params: { path: { intent } }, body: { outcome } }))
}

export function cancel(order: Order): Promise<Order> {
  return unwrap(api.POST('/api/v1/orders/{id}/cancel', { params: { path: { id: order.id }, ...withKey(order.id) } }))
}

async function patiently<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await act()
    } catch (error) {
      const again = error instanceof Unreachable || (error instanceof ApiProblem && error.isTemporary)
      if (!again || tries >= TRIES) throw error
      const told = error instanceof ApiProblem ? (error.retryAfter ?? 0) * 1000 : 0
      await new Promise((resolve) => setTimeout(resolve, Math.max(told, backoff(tries))))
    }
  }
}
