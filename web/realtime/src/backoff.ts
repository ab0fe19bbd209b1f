const FIRST = 400
const LONGEST = 20_000

/**
 * Milliseconds before attempt `attempt` (from 0): twice as long each time, spread over the upper half, so that the
 * clients of a server that came back do not all come at once.
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const most = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 16))
  return Math.round(most / 2 + (most / 2) * random())
}
