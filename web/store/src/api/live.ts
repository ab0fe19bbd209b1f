import { Live, type Follower } from '@souk/realtime'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { reachability } from './reachability.ts'
import { onIdentity, token } from './session.ts'

const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`

export const live = new Live({ url, token })

onIdentity(() => live.restart())
addEventListener('online', () => live.retryNow())
// A call that got through says that the server is back before the socket would look.
reachability.subscribe(() => reachability.reach === 'ok' && live.retryNow())
live.onStatus(() => live.status === 'waiting' && void fetch('/health', { cache: 'no-store' }).then(
  (response) => reachability.answered(response.status),
  () => reachability.silent(),
))

/** Follows a topic while the component is there. The newest callbacks count. */
export function useTopic(topic: string | undefined, follower: Follower): void {
  const newest = useRef(follower)
  useEffect(() => {
    newest.current = follower
  })
  const { since, key } = follower
  useEffect(() => {
    if (!topic) return
    return live.follow(topic, {
      since,
      key,
      onState: (state, seq) => newest.current.onState?.(state, seq),
      onEntry: (entry) => newest.current.onEntry?.(entry),
      onSignal: (signal) => newest.current.onSignal?.(signal),
      onRefused: (refusal) => newest.current.onRefused?.(refusal),
      onFollowing: () => newest.current.onFollowing?.(),
    })
    // `since` only says where to begin.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [topic, key])
}

export function useReach() {
  return useSyncExternalStore(reachability.subscribe, () => reachability.reach)
}
