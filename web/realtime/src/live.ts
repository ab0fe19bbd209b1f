import { backoff } from './backoff.ts'
import { accept, started, type TopicPosition } from './position.ts'

export type LiveStatus = 'idle' | 'connecting' | 'open' | 'waiting'

export interface Refusal {
  code: string
  title?: string
  head?: number
  first?: number
}

export interface LogEntry {
  topic: string
  seq: number
  event: { type: string; [name: string]: unknown }
}

export interface Follower {
  /** The last number that is known already; nothing before it is sent. */
  since?: number
  /** A guest's key to its order. */
  key?: string
  onState?: (state: unknown, seq: number) => void
  onEntry?: (entry: LogEntry) => void
  onSignal?: (signal: Record<string, unknown>) => void
  onRefused?: (refusal: Refusal) => void
  /** The topic is followed, from now on nothing is missed. Also after each time the connection came back. */
  onFollowing?: () => void
}

export interface LiveOptions {
  url: string
  /** The access token, or nothing for somebody who is nobody yet. */
  token?: () => string | undefined
  socket?: (url: string, protocol: string) => WebSocket
  random?: () => number
}

interface Topic extends TopicPosition {
  key: string | undefined
  followers: Set<Follower>
}

type Reply = { ok?: Record<string, unknown>; error?: Refusal }

const PROTOCOL = 'souk.v1'
const PING_EVERY = 25_000
const ANSWER_WITHIN = 10_000
const LINGER = 5_000

export class Live {
  #options: LiveOptions
  #socket: WebSocket | undefined
  #topics = new Map<string, Topic>()
  #replies = new Map<number, (reply: Reply) => void>()
  #nextId = 1
  #attempt = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #pinger: ReturnType<typeof setInterval> | undefined
  #status: LiveStatus = 'idle'
  #listeners = new Set<() => void>()

  constructor(options: LiveOptions) {
    this.#options = options
  }

  get status(): LiveStatus {
    return this.#status
  }

  onStatus(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Follows a topic until the returned function is called. */
  follow(name: string, follower: Follower): () => void {
    let topic = this.#topics.get(name)
    if (topic) {
      topic.followers.add(follower)
      // What came before is the other followers'; this one asks anew, and the others skip what they know.
      if (this.#status === 'open') void this.#subscribe(name, topic, follower.since)
    } else {
      topic = { last: follower.since, key: follower.key, followers: new Set([follower]) }
      this.#topics.set(name, topic)
      if (this.#status === 'open') void this.#subscribe(name, topic)
      else this.#connect()
    }
    const followed = topic
    return () => {
      followed.followers.delete(follower)
      if (followed.followers.size > 0 || this.#topics.get(name) !== followed) return
      this.#topics.delete(name)
      if (this.#status === 'open') void this.#ask({ op: 'unsubscribe', topic: name })
      if (this.#topics.size === 0) this.#later(() => this.#topics.size === 0 && this.close(), LINGER)
    }
  }

  signal(topic: string, data: Record<string, unknown>): void {
    if (this.#status === 'open') void this.#ask({ op: 'signal', topic, data })
  }

  /** Somebody else from now on: a socket is one person's. */
  restart(): void {
    if (this.#status === 'idle') return
    this.#drop()
    this.#attempt = 0
    if (this.#topics.size > 0) this.#connect()
  }

  /** The network is back: there is no reason to wait any longer. */
  retryNow(): void {
    if (this.#status !== 'waiting') return
    this.#attempt = 0
    this.#connect()
  }

  close(): void {
    this.#drop()
    this.#become('idle')
  }

  #connect(): void {
    clearTimeout(this.#timer)
    if (this.#status === 'open' || this.#status === 'connecting') return
    this.#become('connecting')
    const make = this.#options.socket ?? ((url, protocol) => new WebSocket(url, protocol))
    const socket = make(this.#options.url, PROTOCOL)
    this.#socket = socket
    socket.onopen = () => void this.#begin(socket)
    socket.onmessage = (event) => this.#socket === socket && this.#read(String(event.data))
    socket.onclose = () => this.#socket === socket && this.#lost()
    socket.onerror = () => socket.close()
  }

  async #begin(socket: WebSocket): Promise<void> {
    const token = this.#options.token?.()
    if (token) await this.#ask({ op: 'authenticate', token }, socket)
    if (this.#socket !== socket) return
    this.#become('open')
    this.#pinger = setInterval(() => void this.#ask({ op: 'ping' }), PING_EVERY)
    await Promise.all([...this.#topics].map(([name, topic]) => this.#subscribe(name, topic)))
    this.#attempt = 0
  }

  async #subscribe(name: string, topic: Topic, from: number | undefined = topic.last): Promise<void> {
    const since = from === undefined || topic.last === undefined ? from : Math.min(from, topic.last)
    const reply = await this.#ask({ op: 'subscribe', topic: name, since, key: topic.key })
    if (this.#topics.get(name) !== topic) return
    const { ok, error } = reply
    if (ok) {
      const entries = (ok.entries ?? []) as LogEntry[]
      for (const entry of entries) for (const follower of topic.followers) follower.onEntry?.(entry)
      started(topic, ok.seq as number)
      if ('state' in ok) for (const follower of topic.followers) follower.onState?.(ok.state, ok.seq as number)
      for (const follower of topic.followers) follower.onFollowing?.()
    } else if (error?.code === 'since_ahead' || error?.code === 'since_too_old') {
      // The journal is not the one that was known: begin where it begins.
      topic.last = error.code === 'since_too_old' ? (error.first ?? 1) - 1 : 0
      await this.#subscribe(name, topic)
    } else if (error && error.code !== 'disconnected') {
      for (const follower of topic.followers) follower.onRefused?.(error)
    }
  }

  #read(text: string): void {
    let frame: Record<string, unknown>
    try {
      frame = JSON.parse(text) as Record<string, unknown>
    } catch {
      return
    }
    if (typeof frame.id === 'number') {
      this.#replies.get(frame.id)?.(frame as Reply)
      return
    }
    const name = String(frame.topic)
    const topic = this.#topics.get(name)
    if (!topic) return
    if (typeof frame.resume_from === 'number') {
      topic.last = frame.resume_from
    } else if ('signal' in frame) {
      for (const follower of topic.followers) follower.onSignal?.(frame.signal as Record<string, unknown>)
    } else if ('state' in frame) {
      started(topic, frame.seq as number)
      for (const follower of topic.followers) follower.onState?.(frame.state, frame.seq as number)
    } else if ('event' in frame) {
      const verdict = accept(topic, frame.seq as number)
      if (verdict === 'gap') void this.#subscribe(name, topic)
      else if (verdict === 'next') for (const follower of topic.followers) follower.onEntry?.(frame as unknown as LogEntry)
    }
  }

  #ask(op: Record<string, unknown>, socket = this.#socket): Promise<Reply> {
    const gone: Reply = { error: { code: 'disconnected' } }
    if (!socket || socket.readyState !== WebSocket.OPEN) return Promise.resolve(gone)
    const id = this.#nextId++
    return new Promise((resolve) => {
      const late = setTimeout(() => socket.close(), ANSWER_WITHIN)
      this.#replies.set(id, (reply) => {
        clearTimeout(late)
        this.#replies.delete(id)
        resolve(reply)
      })
      socket.send(JSON.stringify({ id, ...op }))
    })
  }

  #lost(): void {
    this.#drop()
    if (this.#topics.size === 0) return this.#become('idle')
    this.#become('waiting')
    this.#later(() => this.#connect(), backoff(this.#attempt++, this.#options.random))
  }

  #drop(): void {
    clearTimeout(this.#timer)
    clearInterval(this.#pinger)
    const socket = this.#socket
    this.#socket = undefined
    if (this.#status !== 'idle') this.#status = 'waiting'
    for (const reply of Array.from(this.#replies.values())) reply({ error: { code: 'disconnected' } })
    socket?.close()
  }

  #later(act: () => void, milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(act, milliseconds)
  }

  #become(status: LiveStatus): void {
    this.#status = status
    for (const listener of this.#listeners) listener()
  }
}
