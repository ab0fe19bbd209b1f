// The cart of this browser, the same in every tab: its id and the wishes that are not met yet are kept in the browser,
// the cart itself is the server's and comes over the live topic.
import { useSyncExternalStore } from 'react'
import { backoff } from '@souk/realtime'
import { ApiProblem, api, Unreachable, unwrap, type Schemas } from '../api/client.ts'
import { live } from '../api/live.ts'
import { reachability } from '../api/reachability.ts'
import { isSignedIn, onIdentity } from '../api/session.ts'
import { alone, read, remove, setCookie, write } from '../app/stored.ts'
import { nextStep, unmet, type Cart, type Step, type Wish, type Wishes } from './reconcile.ts'
import { shownLines } from './shown.ts'

const ID = 'souk.cart'
const WISHES = 'souk.cart.wishes'
/** The last cart that became an order, for tabs that did not place it. */
const BOUGHT = 'souk.cart.bought'
const LOCK = 'souk-cart'

export interface CartState {
  id: string | undefined
  cart: Cart | undefined
  wishes: Wishes
  /** It is known what is in it, even if that is nothing. */
  ready: boolean
  /** Why the last wish could not be met. */
  fault: ApiProblem | undefined
  /** The order that this tab's last cart became. */
  bought: string | undefined
}

class CartStore {
  state: CartState
  #listeners = new Set<() => void>()
  #unfollow: (() => void) | undefined
  #flushing: Promise<void> | undefined
  #attempt = 0
  /** A call's answer was lost: look before the next one. */
  #stale = false

  constructor() {
    const id = read<string>(ID)
    const wishes = read<Wishes>(WISHES) ?? {}
    this.state = { id, cart: undefined, wishes, ready: id === undefined, fault: undefined, bought: undefined }
  }

  /** Once, when the app begins. */
  start(): void {
    addEventListener('storage', (event) => {
      if (event.key === ID) this.#adopt(read<string>(ID))
      if (event.key === WISHES) this.#set({ wishes: read<Wishes>(WISHES) ?? {} })
    })
    reachability.subscribe(() => reachability.reach === 'ok' && this.#flushSoon())
    onIdentity(() => isSignedIn() && void this.claim())
    if (this.state.id) {
      this.#follow(this.state.id)
      if (!this.state.cart) void this.reload()
    }
    this.#flushSoon()
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  seed(cart: Cart): void {
    if (cart.id === this.state.id) this.#set({ cart, ready: true })
  }

  /** The buyer wants so many of it; 0 takes it out. */
  change(variant: string, quantity: number, about: Omit<Wish, 'quantity'>): void {
    this.#wish({ ...this.state.wishes, [variant]: { ...about, quantity } })
    this.#set({ fault: undefined })
    this.#flushSoon()
  }

  dismiss(): void {
    this.#set({ fault: undefined })
  }

  /** Changes what is not a line: address, option, codes. The wishes come first. */
  async patch(body: Schemas['UpdateCart']): Promise<Cart> {
    await this.settled()
    const id = this.state.id
    if (!id) throw new ApiProblem(409, { code: 'cart_empty' })
    const cart = await unwrap(api.PATCH('/api/v1/carts/{id}', { params: { path: { id } }, body }))
    this.#took(cart)
    return cart
  }

  async reload(): Promise<void> {
    try {
      await this.#look()
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof ApiProblem)) throw error
    }
  }

  async #look(): Promise<void> {
    const id = this.state.id
    if (!id) return this.#set({ ready: true })
    try {
      this.#took(await unwrap(api.GET('/api/v1/carts/{id}', { params: { path: { id } } })))
      this.#stale = false
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 404) throw error
      this.#stale = false
      this.forget(id)
    }
  }

  /** No wish waits any more, or the server cannot be reached. */
  async settled(): Promise<void> {
    this.#flushSoon()
    await this.#flushing
    if (Object.keys(this.state.wishes).length > 0) throw new Unreachable('the cart could not be written')
  }

  /** That cart is over, perhaps as an order: the next line begins a new one. */
  forget(id: string, order?: string | null): void {
    if (this.state.id !== id) return
    if (order) write(BOUGHT, { cart: id, order })
    remove(ID)
    this.#adopt(undefined)
  }

  /** The cart becomes the signed-in buyer's; where there is one already, both become one. */
  async claim(): Promise<void> {
    await alone(LOCK, async () => {
      try {
        if (this.state.id) {
          const path = { id: this.state.id }
          this.#keep(await unwrap(api.POST('/api/v1/carts/{id}/claim', { params: { path } })))
        } else {
          this.#keep(await unwrap(api.GET('/api/v1/carts/current', {})))
        }
      } catch {
        // There is none, or it stays a guest's: its id still opens it.
      }
    })
  }

  use(cart: Cart): void {
    this.#keep(cart)
  }

  #keep(cart: Cart): void {
    write(ID, cart.id)
    this.#adopt(cart.id)
    this.#took(cart)
  }

  #adopt(id: string | undefined): void {
    if (id === this.state.id) return
    const last = id === undefined ? read<{ cart: string; order: string }>(BOUGHT) : undefined
    const bought = last && last.cart === this.state.id ? last.order : undefined
    this.#set({ id, cart: undefined, ready: id === undefined, bought })
    // Only the cart's own page is drawn by the edge.
    setCookie('souk_cart', id ?? '', '/cart')
    this.#follow(id)
  }

  #follow(id: string | undefined): void {
    this.#unfollow?.()
    this.#unfollow = id
      ? live.follow(`cart:${id}`, {
          onState: (state) => this.#took(state as Cart),
          onRefused: () => void this.reload(),
        })
      : undefined
  }

  #took(cart: Cart): void {
    const old = this.state.cart
    if (cart.id !== this.state.id || (old && old.id === cart.id && old.version > cart.version)) return
    if (cart.status === 'completed') return this.forget(cart.id, cart.order_id)
    this.#set({ cart, ready: true })
  }

  #wish(wishes: Wishes): void {
    if (Object.keys(wishes).length > 0) write(WISHES, wishes)
    else remove(WISHES)
    this.#set({ wishes })
  }

  #flushSoon(): void {
    if (Object.keys(this.state.wishes).length === 0) return
    this.#flushing ??= alone(LOCK, () => this.#flush()).finally(() => {
      this.#flushing = undefined
    })
  }

  /** One tab at a time, one call at a time, until no wish is left. */
  async #flush(): Promise<void> {
    // Another tab may have begun a cart while this one waited for its turn.
    this.#adopt(read<string>(ID) ?? this.state.id)
    this.#set({ wishes: read<Wishes>(WISHES) ?? {} })
    while (Object.keys(this.state.wishes).length > 0) {
      try {
        if (!this.state.id) this.#keep(await unwrap(api.POST('/api/v1/carts', { body: {} })))
        if (!this.state.cart || this.#stale) await this.#look()
        const { id, cart } = this.state
        if (!id || !cart) continue
        const step = nextStep(cart.lines, this.state.wishes)
        if (step) this.#took(await unwrap(this.#call(id, step)))
        const lines = this.state.cart?.lines ?? []
        const left = unmet(lines, this.state.wishes)
        if (Object.keys(left).length < Object.keys(this.state.wishes).length) this.#wish(left)
        this.#attempt = 0
      } catch (error) {
        if (!(await this.#survives(error))) return
      }
    }
  }

  #call(id: string, step: Step) {
    if (step.do === 'add') {
      const body = { variant_id: step.variant, quantity: step.quantity }
      return api.POST('/api/v1/carts/{id}/lines', { params: { path: { id } }, body })
    }
    const params = { path: { id, variant_id: step.variant } }
    if (step.do === 'remove') return api.DELETE('/api/v1/carts/{id}/lines/{variant_id}', { params })
    return api.PATCH('/api/v1/carts/{id}/lines/{variant_id}', { params, body: { quantity: step.quantity } })
  }

  /** Whether to go on. What the answer was lost of is looked up first; what is refused is given up, and said. */
  async #survives(error: unknown): Promise<boolean> {
    if (error instanceof Unreachable) {
      // Told again when the server is back; the wishes are kept until then. What the lost call did is looked up first.
      this.#stale = true
      return false
    }
    if (!(error instanceof ApiProblem)) throw error
    if (error.isTemporary || error.status >= 500) {
      if (this.#attempt > 6) return this.#giveUp(error)
      const wait = (error.retryAfter ?? 0) * 1000 || backoff(this.#attempt)
      this.#attempt += 1
      await new Promise((resolve) => setTimeout(resolve, wait))
      return true
    }
    if (error.code === 'cart_completed' && this.state.id) {
      this.forget(this.state.id)
      return true
    }
    if (error.status === 404) {
      // The cart is gone, or the line is: the server's word counts.
      await this.reload()
      this.#attempt += 1
      return this.#attempt < 3 || this.#giveUp(error)
    }
    return this.#giveUp(error)
  }

  #giveUp(fault: ApiProblem): false {
    this.#attempt = 0
    this.#wish({})
    this.#set({ fault })
    return false
  }

  #set(change: Partial<CartState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.#listeners) listener()
  }
}

export const cart = new CartStore()

export const seedCart = (seeded: Cart) => cart.seed(seeded)

export function useCart(): CartState {
  return useSyncExternalStore(cart.subscribe, () => cart.state)
}

/** How many of a variant the cart has, as shown. */
export function inCart({ cart, wishes }: CartState, variant: string | undefined): number {
  return shownLines(cart, wishes).find((line) => line.variant_id === variant)?.quantity ?? 0
}

interface DrawerState {
  open: boolean
  /** It was opened once, so its code is there. */
  used: boolean
}

let drawer: DrawerState = { open: false, used: false }
const drawerListeners = new Set<() => void>()

export function openDrawer(open: boolean): void {
  drawer = { open, used: drawer.used || open }
  for (const listener of drawerListeners) listener()
}

function subscribeDrawer(listener: () => void) {
  drawerListeners.add(listener)
  return () => drawerListeners.delete(listener)
}

export const useDrawer = () => useSyncExternalStore(subscribeDrawer, () => drawer)
