// Whether the server answers. Every call tells; once one got no answer, `/health` is asked until it does.
import { backoff } from '@souk/realtime'

export type Reach = 'ok' | 'offline' | 'gone'

class Reachability {
  #reach: Reach = 'ok'
  #listeners = new Set<() => void>()
  #attempt = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    addEventListener('offline', () => this.silent())
    addEventListener('online', () => this.#soon(0))
  }

  get reach(): Reach {
    return this.#reach
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  answered(status: number): void {
    // A proxy in front answers for a server that is gone.
    if (status === 502 || status === 504) return this.silent()
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#attempt = 0
    this.#become('ok')
  }

  silent(): void {
    this.#become(navigator.onLine ? 'gone' : 'offline')
    if (this.#timer === undefined) this.#soon(backoff(this.#attempt++))
  }

  #soon(milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.look(), milliseconds)
  }

  /** Whether the server answers now. */
  async look(): Promise<boolean> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    try {
      this.answered((await fetch('/health', { cache: 'no-store' })).status)
    } catch {
      this.silent()
    }
    return this.#reach === 'ok'
  }

  /** When it answers again. */
  back(): Promise<void> {
    if (this.#reach === 'ok') return Promise.resolve()
    return new Promise((resolve) => {
      const stop = this.subscribe(() => {
        if (this.#reach !== 'ok') return
        stop()
        resolve()
      })
    })
  }

  #become(reach: Reach): void {
    if (this.#reach === reach) return
    this.#reach = reach
    for (const listener of this.#listeners) listener()
  }
}

export const reachability = new Reachability()
