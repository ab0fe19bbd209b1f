// The API, typed by its own description. `schema.d.ts` is generated from docs/api/openapi.json: npm run generate.
import createFetchClient from 'openapi-fetch'
import type { components, paths } from './schema.d.ts'
import { ApiProblem, Unreachable } from './problem.ts'

export { ApiProblem, Unreachable, type FieldFault } from './problem.ts'
export type { components, paths } from './schema.d.ts'

export type Schemas = components['schemas']

export interface ClientOptions {
  /** Where the API is; empty: where the page is. */
  baseUrl?: string
  fetch?: typeof fetch
}

export function createClient({ baseUrl = '', fetch: ask = globalThis.fetch }: ClientOptions = {}) {
  return createFetchClient<paths>({
    baseUrl,
    querySerializer: { array: { style: 'form', explode: true } },
    fetch: async (request: Request) => {
      try {
        return await ask(request)
      } catch (error) {
        if (error instanceof DOMException && error.name === 'AbortError') throw error
        throw new Unreachable(error)
      }
    },
  })
}

export type Client = ReturnType<typeof createClient>

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** What was asked for, or an `ApiProblem`, or `Unreachable`. */
export async function unwrap<T>(asking: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asking
  if (response.ok) return data as T
  throw ApiProblem.of(response, error)
}
