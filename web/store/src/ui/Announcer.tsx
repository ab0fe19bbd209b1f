// One live region for what changes elsewhere on the page.
import { useSyncExternalStore } from 'react'

let said = ''
const listeners = new Set<() => void>()

/** Tells a screen reader. The same words twice are said twice. */
export function announce(text: string): void {
  said = text === said ? `${text} ` : text
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Announcer() {
  const text = useSyncExternalStore(subscribe, () => said)
  return (
    <p className="sr-only" role="status" data-announcer>
      {text}
    </p>
  )
}
