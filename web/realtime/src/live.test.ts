import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { backoff, Live } from './index.ts'

class FakeSocket {
  static all: FakeSocket[] = []
  readyState = 0
  sent: Record<string, unknown>[] = []
  onopen?: () => void
  onmessage?: (event: { data: string }) => void
  onclose?: () => void
  onerror?: () => void

  constructor() {
    FakeSocket.all.push(this)
  }

  open() {
    this.readyState = 1
    this.onopen?.()
  }

  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>)
  }

  close() {
    if (this.readyState === 3) return
    this.readyState = 3
    this.onclose?.()
  }

  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
}

const settle = () => vi.advanceTimersByTimeAsync(0)
const newest = () => FakeSocket.all.at(-1)!
const entry = (seq: number) => ({ topic: 'room:a', seq, event: { type: 'message' } })

function live(token?: string) {
  return new Live({
    url: 'ws://shop/ws',
    token: () => token,
    socket: () => new FakeSocket() as unknown as WebSocket,
    random: () => 0.5,
  })
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', { OPEN: 1 })
  FakeSocket.all = []
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('authenticates before it follows, and delivers what came before and after', async () => {
  const seqs: number[] = []
  live('t').follow('room:a', { since: 0, onEntry: ({ seq }) => seqs.push(seq) })
  newest().open()
  await settle()
  expect(newest().sent).toEqual([{ id: 1, op: 'authenticate', token: 't' }])
  newest().say({ id: 1, ok: {} })
  await settle()
  expect(newest().sent[1]).toMatchObject({ op: 'subscribe', topic: 'room:a', since: 0 })
  newest().say({ id: 2, ok: { seq: 2, entries: [entry(1), entry(2)] } })
  await settle()
  newest().say(entry(3))
  newest().say(entry(3))
  expect(seqs).toEqual([1, 2, 3])
})

test('asks for what is missing when a number is skipped', async () => {
  const seqs: number[] = []
  live().follow('room:a', { since: 0, onEntry: ({ seq }) => seqs.push(seq) })
  newest().open()
  await settle()
  newest().say({ id: 1, ok: { seq: 1, entries: [entry(1)] } })
  await settle()
  newest().say(entry(4))
  expect(newest().sent[1]).toMatchObject({ op: 'subscribe', since: 1 })
  newest().say({ id: 2, ok: { seq: 4, entries: [entry(2), entry(3), entry(4)] } })
  await settle()
  expect(seqs).toEqual([1, 2, 3, 4])
})

test('comes back by itself and goes on where it was', async () => {
  const seqs: number[] = []
  const socket = live()
  socket.follow('room:a', { since: 0, onEntry: ({ seq }) => seqs.push(seq) })
  newest().open()
  await settle()
  newest().say({ id: 1, ok: { seq: 7, entries: [entry(7)] } })
  await settle()
  newest().close()
  expect(socket.status).toBe('waiting')
  await vi.advanceTimersByTimeAsync(backoff(0, () => 0.5))
  expect(FakeSocket.all.length).toBe(2)
  newest().open()
  await settle()
  expect(newest().sent[0]).toMatchObject({ op: 'subscribe', since: 7 })
  newest().say({ id: 2, ok: { seq: 8, entries: [entry(8)] } })
  await settle()
  expect(seqs).toEqual([7, 8])
})

test('a server that says nothing is a server that is gone', async () => {
  const socket = live()
  socket.follow('product:a', {})
  newest().open()
  await settle()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(socket.status).toBe('waiting')
})

test('begins anew where the journal is another one', async () => {
  live().follow('room:a', { since: 9 })
  newest().open()
  await settle()
  newest().say({ id: 1, error: { code: 'since_ahead', head: 3 } })
  await settle()
  expect(newest().sent[1]).toMatchObject({ since: 0 })
})

test('a refusal is told and not tried again', async () => {
  const codes: string[] = []
  live().follow('order:a', { onRefused: ({ code }) => codes.push(code) })
  newest().open()
  await settle()
  newest().say({ id: 1, error: { code: 'not_found' } })
  await settle()
  expect(codes).toEqual(['not_found'])
  expect(newest().sent.length).toBe(1)
})

test('waits longer each time, up to a bound', () => {
  const most = [0, 1, 2, 3, 10, 100].map((attempt) => backoff(attempt, () => 1))
  expect(most).toEqual([400, 800, 1_600, 3_200, 20_000, 20_000])
  expect(backoff(3, () => 0)).toBe(1_600)
})
