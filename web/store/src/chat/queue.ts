// What was written and is not with the server yet. Kept in the browser; each message has an id of its own, under which
// the server takes it once, however often it is sent.
import { backoff } from '@souk/realtime'
import { ApiProblem, api, Unreachable, unwrap, type Schemas } from '../api/client.ts'
import { reachability } from '../api/reachability.ts'
import { read, remove, write } from '../app/stored.ts'
import { faultsOf, problemText } from '../ui/form.tsx'

export type Message = Schemas['MessageView']

export interface Outgoing {
  client_id: string
  text: string
  at: string
  /** The server refused it, and why. */
  refused?: string
}

const keyOf = (room: string) => `souk.chat.${room}`
export const draftKey = (room: string) => `souk.chat.draft.${room}`

export class Outbox {
  readonly room: string
  waiting: readonly Outgoing[]
  #changed: () => void
  #sent: (message: Message) => void
  #running = false
  #attempt = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #unsubscribe: () => void

  constructor(room: string, changed: () => void, sent: (message: Message) => void) {
    this.room = room
    this.waiting = read<Outgoing[]>(keyOf(room)) ?? []
    this.#changed = changed
    this.#sent = sent
    this.#unsubscribe = reachability.subscribe(() => reachability.reach === 'ok' && this.flush())
  }

  stop(): void {
    this.#unsubscribe()
    clearTimeout(this.#timer)
  }

  add(text: string): void {
    this.#keep([...this.waiting, { client_id: crypto.randomUUID(), text, at: new Date().toISOString() }])
    this.flush()
  }

  retry(client_id: string): void {
    this.#keep(this.waiting.map((one) => (one.client_id === client_id ? { ...one, refused: undefined } : one)))
    this.flush()
  }

  drop(client_id: string): void {
    this.#keep(this.waiting.filter((one) => one.client_id !== client_id))
  }

  /** It came back over the topic: the answer may have been lost, the message was not. */
  arrived(client_id: string): void {
    if (this.waiting.some((one) => one.client_id === client_id)) this.drop(client_id)
  }

  flush(): void {
    if (!this.#running) void this.#run()
  }

  async #run(): Promise<void> {
    this.#running = true
    try {
      for (;;) {
        // In the order in which they were written.
        const next = this.waiting.find(({ refused }) => refused === undefined)
        if (!next) return
        const { client_id, text } = next
        const params = { path: { id: this.room } }
        try {
          this.#sent(await unwrap(api.POST('/api/v1/rooms/{id}/messages', { params, body: { client_id, text } })))
          this.#attempt = 0
          this.drop(client_id)
        } catch (error) {
          if (error instanceof Unreachable || (error instanceof ApiProblem && error.isTemporary)) {
            const told = error instanceof ApiProblem ? (error.retryAfter ?? 0) * 1000 : 0
            this.#timer = setTimeout(() => this.flush(), Math.max(told, backoff(this.#attempt++)))
            return
          }
          const refused = faultsOf(error, { '/text': 'text' }).text ?? problemText(error)
          this.#keep(this.waiting.map((one) => (one.client_id === client_id ? { ...one, refused } : one)))
        }
      }
    } finally {
      this.#running = false
    }
  }

  #keep(waiting: readonly Outgoing[]): void {
    this.waiting = waiting
    if (waiting.length > 0) write(keyOf(this.room), waiting)
    else remove(keyOf(this.room))
    this.#changed()
  }
}
