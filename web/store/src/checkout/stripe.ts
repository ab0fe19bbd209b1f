// Stripe's own element, where Stripe takes the money: the card is typed into Stripe's frame and never into this page.
import { language } from '../i18n/index.ts'
import type { Money } from '../i18n/format.ts'

interface StripeElement {
  mount: (element: HTMLElement) => void
  unmount: () => void
}

export interface StripeElements {
  create: (kind: 'payment') => StripeElement
  submit: () => Promise<{ error?: { message?: string } }>
}

export interface Stripe {
  elements: (options: Record<string, unknown>) => StripeElements
  createPaymentMethod: (options: { elements: StripeElements }) => Promise<{
    paymentMethod?: { id: string }
    error?: { message?: string }
  }>
  handleNextAction: (options: { clientSecret: string }) => Promise<{ error?: { message?: string } }>
}

declare global {
  interface Window {
    Stripe?: (key: string, options: { locale: string }) => Stripe
  }
}

let loading: Promise<Stripe> | undefined

export function loadStripe(key: string): Promise<Stripe> {
  loading ??= new Promise<Stripe>((resolve, reject) => {
    const script = document.createElement('script')
    script.src = 'https://js.stripe.com/v3/'
    script.onload = () => (window.Stripe ? resolve(window.Stripe(key, { locale: language })) : reject(new Error('no Stripe')))
    script.onerror = () => reject(new Error('Stripe could not be loaded'))
    document.head.append(script)
  }).catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

export function elementsFor(stripe: Stripe, { amount, currency }: Money): StripeElements {
  return stripe.elements({
    mode: 'payment',
    amount,
    currency: currency.toLowerCase(),
    paymentMethodCreation: 'manual',
    paymentMethodTypes: ['card'],
  })
}
