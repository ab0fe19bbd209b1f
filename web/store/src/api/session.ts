// Who the buyer is. The access token lives in memory alone; a cookie that only the sessions resource sees renews it.
import { useSyncExternalStore } from 'react'
import { read, remove, write } from '../app/stored.ts'
import { ApiProblem, api, renewWith, unwrap, bear, type Schemas } from './client.ts'

export type Account = Schemas['AccountView']

interface Session {
  account: Account | undefined
  token: string | undefined
  /** A session of an earlier visit is being looked for. */
  pending: boolean
}

/** Says that there may be a session to renew: without it nobody who never signed in is asked for one. */
const HINT = 'souk.session'

/** A guest has no session to renew: another visit is another guest. */
const GUEST = 'guest'
/** The guests that this browser has been, newest last: what they wrote is its own. */
const GUESTS = 'souk.guests'
const MOST_GUESTS = 20

const hint = read<string>(HINT)
let session: Session = { account: undefined, token: undefined, pending: hint !== undefined && hint !== GUEST }
const listeners = new Set<() => void>()
let renewing: Promise<boolean> | undefined
let timer: ReturnType<typeof setTimeout> | undefined

function become(next: Session): void {
  const before = session.account?.id
  session = next
  bear(next.token, next.account !== undefined && next.account.role !== 'guest')
  for (const listener of listeners) listener()
  if (before !== next.account?.id) for (const listener of identityListeners) listener()
}

const identityListeners = new Set<() => void>()
/** Somebody else from now on. */
export function onIdentity(listener: () => void): void {
  identityListeners.add(listener)
}

export const token = () => session.token
export const account = () => session.account
export const isSignedIn = () => session.account !== undefined && session.account.role !== 'guest'

export function begun(answer: Schemas['SessionView']): void {
  const { access_token, expires_in } = answer
  write(HINT, answer.account.role)
  become({ account: answer.account, token: access_token, pending: false })
  clearTimeout(timer)
  timer = setTimeout(() => void renewed(), Math.max(5, expires_in - 60) * 1000)
}

export function changed(account: Account): void {
  become({ ...session, account })
}

export function ended(): void {
  clearTimeout(timer)
  remove(HINT)
  become({ account: undefined, token: undefined, pending: false })
}

/** A new token for the same person. False: there is no session any more. */
export function renewed(): Promise<boolean> {
  renewing ??= renew().finally(() => {
    renewing = undefined
  })
  return renewing
}

async function renew(): Promise<boolean> {
  try {
    if (session.account?.role === GUEST) {
      await guest(session.account.name)
      return true
    }
    begun(await unwrap(api.POST('/api/v1/sessions/refresh' as never, {} as never)) as Schemas['SessionView'])
    return true
  } catch (error) {
    // No answer is no verdict: whoever was signed in still is.
    if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) ended()
    else become({ ...session, pending: false })
    return false
  }
}
renewWith(renewed)

/** Somebody, if only a guest by this name. */
export async function identified(name: string): Promise<void> {
  if (!session.token) await guest(name)
}

async function guest(name: string): Promise<void> {
  const answer = await unwrap(api.POST('/api/v1/sessions/guest', { body: { name } }))
  write(GUESTS, [...(read<string[]>(GUESTS) ?? []), answer.account.id].slice(-MOST_GUESTS))
  begun(answer)
}

/** Whether it is, or was, whoever uses this browser. */
export const isMine = (id: string) => id === session.account?.id || (read<string[]>(GUESTS) ?? []).includes(id)

export function resume(): void {
  if (session.pending) void renewed()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useSession(): Session & { signedIn: boolean } {
  const now = useSyncExternalStore(subscribe, () => session)
  return { ...now, signedIn: now.account !== undefined && now.account.role !== 'guest' }
}
