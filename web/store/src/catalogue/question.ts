// A listing's URL and the question that it stands for.
import type { ListQuestion } from '../api/queries.ts'
import { decimals } from '../i18n/format.ts'

export const PER_PAGE = 24
export const homeQuestion: ListQuestion = { sort: 'newest', in_stock: true, limit: 8 }

const SORTS = ['relevance', 'price', '-price', 'newest', 'title'] as const
export type Sort = (typeof SORTS)[number]

/** What somebody typed as a price, in minor units. */
export function amountOf(text: string | null, currency: string): number | undefined {
  const digits = decimals(currency)
  const match = /^\s*(\d{1,9})(?:[.,](\d+))?\s*$/.exec(text ?? '')
  const fraction = match?.[2] ?? ''
  if (!match || fraction.length > digits) return undefined
  return Number(`${match[1]}${fraction.padEnd(digits, '0')}`)
}

export function questionOf(params: URLSearchParams, currency: string, slug?: string): ListQuestion {
  const sort = SORTS.find((known) => known === params.get('sort'))
  const question: ListQuestion = { limit: PER_PAGE }
  const categories = slug ? [slug] : params.getAll('category').filter(Boolean)
  const query = params.get('query')
  const from = amountOf(params.get('price_from'), currency)
  const to = amountOf(params.get('price_to'), currency)
  if (query) question.query = query
  if (categories.length > 0) question.category = categories
  if (params.get('vendor')) question.vendor = params.get('vendor')!
  if (from !== undefined) question.min_price = from
  if (to !== undefined) question.max_price = to
  if (params.get('in_stock') === 'true') question.in_stock = true
  if (sort && sort !== 'relevance') question.sort = sort
  if (params.get('cursor')) question.cursor = params.get('cursor')!
  return question
}

/** The same URL with something else chosen, from the first page on. */
export function changed(params: URLSearchParams, changes: Record<string, string | undefined>): string {
  const next = new URLSearchParams(params)
  next.delete('cursor')
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value)
    else next.delete(name)
  }
  const text = next.toString()
  return text ? `?${text}` : ''
}

/** The same URL with one of many values added or taken away. */
export function toggled(params: URLSearchParams, name: string, value: string): string {
  const next = new URLSearchParams(params)
  next.delete('cursor')
  const chosen = next.getAll(name)
  next.delete(name)
  const left = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]
  for (const one of left) next.append(name, one)
  const text = next.toString()
  return text ? `?${text}` : '?'
}
