/** How far a topic was read. */
export interface TopicPosition {
  last: number | undefined
}

/**
 * Whether a live entry is the next one. `gap`: some between were not delivered, ask for them; the entry itself comes
 * again with those.
 */
export function accept(position: TopicPosition, seq: number): 'next' | 'known' | 'gap' {
  if (position.last !== undefined && seq <= position.last) return 'known'
  if (position.last !== undefined && seq > position.last + 1) return 'gap'
  position.last = seq
  return 'next'
}

export function started(position: TopicPosition, seq: number): void {
  position.last = seq
}
