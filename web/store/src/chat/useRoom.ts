import { useEffect, useReducer, useRef, useState } from 'react'
import { api, unwrap } from '../api/client.ts'
import { live, useTopic } from '../api/live.ts'
import { account } from '../api/session.ts'
import { merge } from './merge.ts'
import { Outbox, type Message } from './queue.ts'

const HISTORY = 100
const TYPING_LASTS = 4_000
const TYPING_EVERY = 2_500

export interface Room {
  messages: readonly Message[]
  outbox: Outbox | undefined
  typing: string | undefined
  loaded: boolean
  refused: string | undefined
  sayTyping: () => void
}

/** A room's messages: its history, then what comes. The journal's numbers keep each message to one place. */
export function useRoom(id: string | undefined, orderKey: string | undefined): Room {
  const [messages, setMessages] = useState<readonly Message[]>([])
  const [loaded, setLoaded] = useState(false)
  const [refused, setRefused] = useState<string>()
  const [typing, setTyping] = useState<string>()
  const [, redraw] = useReducer((n: number) => n + 1, 0)
  const outbox = useRef<Outbox>(undefined)
  const typingTimer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const saidTyping = useRef(0)

  const took = (message: Message) => {
    outbox.current?.arrived(message.client_id)
    setMessages((known) => merge(known, [message]))
  }

  useEffect(() => {
    setMessages([])
    setLoaded(false)
    setRefused(undefined)
    if (!id) return
    const box = new Outbox(id, redraw, took)
    outbox.current = box
    box.flush()
    return () => box.stop()
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [id])

  useTopic(id && `room:${id}`, {
    key: orderKey,
    since: 0,
    onEntry: ({ event }) => {
      if (event.type === 'message') {
        took(event.message as Message)
        setTyping(undefined)
      }
    },
    onFollowing: () => setLoaded(true),
    onRefused: ({ code, title }) => {
      setRefused(title ?? code)
      setLoaded(true)
    },
    onSignal: (signal) => {
      const data = signal as { typing?: boolean }
      const from = signal.author as { id?: string; name?: string } | undefined
      if (!data.typing || (from?.id && from.id === account()?.id)) return
      setTyping(from?.name ?? '')
      clearTimeout(typingTimer.current)
      typingTimer.current = setTimeout(() => setTyping(undefined), TYPING_LASTS)
    },
  })

  // Without a socket (a proxy that lets none through) the history is still there.
  useEffect(() => {
    if (!id) return
    let gone = false
    const params = { path: { id }, query: { since: 0, limit: HISTORY } }
    unwrap(api.GET('/api/v1/rooms/{id}/messages', { params })).then(
      ({ items }) => {
        if (gone) return
        setMessages((known) => merge(known, items))
        setLoaded(true)
      },
      () => undefined,
    )
    return () => {
      gone = true
    }
  }, [id])

  return {
    messages,
    outbox: outbox.current,
    typing,
    loaded,
    refused,
    sayTyping: () => {
      if (!id || Date.now() - saidTyping.current < TYPING_EVERY) return
      saidTyping.current = Date.now()
      live.signal(`room:${id}`, { typing: true })
    },
  }
}
