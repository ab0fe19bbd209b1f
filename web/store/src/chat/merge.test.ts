import { expect, test } from 'vitest'
import { merge } from './merge.ts'
import type { Message } from './queue.ts'

const message = (seq: number) => ({ seq, text: `${seq}` }) as Message

test('each message has one place, whatever comes first', () => {
  const merged = merge(merge([], [message(4), message(5)]), [message(2), message(4)])
  expect(merged.map(({ seq }) => seq)).toEqual([2, 4, 5])
})
