import { ApiProblem, createClient, Unreachable, unwrap } from '@souk/client'
import { reachability } from './reachability.ts'

export { ApiProblem, Unreachable, unwrap }
export type { FieldFault, Schemas } from '@souk/client'

let bearer: { token: string | undefined; forShopping: boolean } = { token: undefined, forShopping: false }
let renew: (() => Promise<boolean>) | undefined

/** The access token, and whether carts and orders are to be its owner's (a guest's are not: their ids are the keys). */
export function bear(token: string | undefined, forShopping: boolean): void {
  bearer = { token, forShopping }
}

/** What gets a new token when one has run out. */
export function renewWith(how: () => Promise<boolean>): void {
  renew = how
}

const shopping = /^\/api\/v1\/(carts|orders|payments)/

function authorise(request: Request): Request {
  const path = new URL(request.url).pathname
  if (!bearer.token || request.headers.has('authorization')) return request
  if (shopping.test(path) && !bearer.forShopping) return request
  const authorised = new Request(request)
  authorised.headers.set('authorization', `Bearer ${bearer.token}`)
  return authorised
}

async function ask(request: Request): Promise<Response> {
  const again = request.clone()
  const response = await send(request)
  const isSession = new URL(request.url).pathname.startsWith('/api/v1/sessions')
  if (response.status === 401 && bearer.token && !isSession && (await renew?.())) return send(again)
  return response
}

async function send(request: Request): Promise<Response> {
  try {
    const response = await fetch(authorise(request))
    reachability.answered(response.status)
    return response
  } catch (error) {
    if (!request.signal.aborted) reachability.silent()
    throw error
  }
}

export const api = createClient({ baseUrl: location.origin, fetch: (request) => ask(request as Request) })
