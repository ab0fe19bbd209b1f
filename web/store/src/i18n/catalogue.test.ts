import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import de from './de.json'
import en from './en.json'

const catalogues: Record<string, Record<string, string>> = { en, de }
const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()
const read = (path: string) => readFileSync(new URL(`../../../../docs/${path}`, import.meta.url), 'utf8')

/** Problems of calls that the store does not make, or that its own code would have to be wrong to meet. */
const ELSEWHERE = new Set(
  `malformed_request malformed_json idempotency_key_missing idempotency_key_invalid idempotency_key_reused
  webhook_malformed webhook_signature_invalid webhook_stale webhook_intent_unknown too_many_webhooks origin_refused
  method_not_allowed body_timed_out not_a_room not_subscribed other_person since_ahead since_too_old
  too_many_subscriptions too_many_refunds refund_failed refund_too_large unsupported_media_type domain_not_served
  invalid_cursor invalid_parameter unknown_op upgrade_required rate_limited discount_unknown`.split(/\s+/),
)

test('both languages say the same things with the same values', () => {
  expect(Object.keys(de)).toEqual(Object.keys(en))
  for (const [key, text] of Object.entries(en)) expect(names(catalogues.de![key]!), key).toEqual(names(text))
})

test('every problem that a buyer can meet is said in both languages', () => {
  const codes = [...read('errors.md').matchAll(/^\| `(\w+)` \| \d+ \|/gm)].map((match) => match[1]!)
  expect(codes.length).toBeGreaterThan(40)
  const silent = codes.filter((code) => !ELSEWHERE.has(code) && !(`problem.${code}` in en))
  expect(silent).toEqual([])
})

test('every reason of a price is said in both languages', () => {
  const { components } = JSON.parse(read('api/openapi.json')) as { components: { schemas: Record<string, { enum: string[] }> } }
  const codes = components.schemas.ReasonCode!.enum
  expect(codes.filter((code) => !(`reason.${code}` in en))).toEqual([])
})
