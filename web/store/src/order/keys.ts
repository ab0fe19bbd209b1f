// The keys to a guest's orders: whoever has one may open its order.
import { read, write } from '../app/stored.ts'

const KEYS = 'souk.orders'
const MOST = 50

export function keyOf(order: string): string | undefined {
  return read<Record<string, string>>(KEYS)?.[order]
}

export function keepKey(order: string, key: string): void {
  const others = Object.entries(read<Record<string, string>>(KEYS) ?? {}).filter(([id]) => id !== order)
  write(KEYS, Object.fromEntries([...others, [order, key]].slice(-MOST)))
}

/** The orders of this browser, newest first. */
export function knownOrders(): string[] {
  return Object.keys(read<Record<string, string>>(KEYS) ?? {}).reverse()
}
