import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useLayoutEffect, useRef, useState, type FormEvent } from 'react'
import { api, unwrap } from '../api/client.ts'
import { identified, isMine, useSession } from '../api/session.ts'
import { read, remove, write } from '../app/stored.ts'
import { withKey } from '../checkout/attempt.ts'
import { time } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { keyOf } from '../order/keys.ts'
import { Button } from '../ui/Button.tsx'
import { Field, problemText, useForm } from '../ui/form.tsx'
import { Icon } from '../ui/Icon.tsx'
import { countUnread } from '../ui/Page.tsx'
import { draftKey, type Message, type Outbox } from './queue.ts'
import { openChat, useChat, type RoomWanted } from './state.ts'
import { useRoom } from './useRoom.ts'

const NAME = 'souk.name'

export default function Dock() {
  const { room } = useChat()
  if (!room) return null
  return <Open key={`${room.kind} ${room.subject}`} room={room} />
}

function Open({ room }: { room: RoomWanted }) {
  const { account, pending } = useSession()
  const heading = useRef<HTMLHeadingElement>(null)
  const opener = useRef<Element | null>(null)
  useEffect(() => {
    opener.current = document.activeElement
    heading.current?.focus()
  }, [])
  const close = () => {
    openChat(undefined)
    if (opener.current instanceof HTMLElement) opener.current.focus()
  }
  return (
    <section
      className="chat-dock"
      aria-labelledby="chat-title"
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <div className="chat-head">
        <Icon name="chat" />
        <h2 id="chat-title" tabIndex={-1} ref={heading}>
          {room.title}
        </h2>
        <button type="button" className="tool" onClick={close} aria-label={t('chat.close')}>
          <Icon name="close" />
        </button>
      </div>
      {account ? <Conversation room={room} me={account.id} /> : pending ? <p className="chat-log">{t('loading')}</p> : <WhoAreYou />}
    </section>
  )
}

function WhoAreYou() {
  const [name, setName] = useState(read<string>(NAME) ?? '')
  const form = useForm<'name'>({
    values: { name },
    check: ({ name }) => ({ name: name.trim() ? undefined : t('chat.name.missing') }),
    pointers: { '/name': 'name' },
    onSubmit: async ({ name }) => {
      write(NAME, name.trim())
      await identified(name.trim())
    },
  })
  return (
    <form className="chat-log form" noValidate onSubmit={form.submit}>
      {form.summary}
      <Field
        {...form.field('name')}
        label={t('chat.name')}
        hint={t('chat.name.hint')}
        name="name"
        autoComplete="name"
        value={name}
        onChange={(event) => {
          form.recheck({ name: event.target.value })
          setName(event.target.value)
        }}
      />
      <Button type="submit" busy={form.busy}>
        {t('chat.begin')}
      </Button>
    </form>
  )
}

function Conversation({ room, me }: { room: RoomWanted; me: string }) {
  const orderKey = room.kind === 'order' && room.subject ? keyOf(room.subject) : undefined
  const opened = useQuery({
    queryKey: ['room', room.kind, room.subject ?? '', me],
    queryFn: () =>
      unwrap(
        api.POST('/api/v1/rooms', {
          params: room.kind === 'order' && room.subject ? withKey(room.subject) : {},
          body: { kind: room.kind, subject_id: room.subject ?? null },
        }),
      ),
    staleTime: Infinity,
  })
  const id = opened.data?.id ?? room.id
  const { messages, outbox, typing, loaded, refused, sayTyping } = useRoom(id, orderKey)
  useRead(id, messages)
  const fault = opened.isError ? problemText(opened.error) : refused
  return (
    <>
      <Log messages={messages} outbox={outbox} loaded={loaded} kind={room.kind} />
      {fault && <p className="note note-bad">{fault}</p>}
      <p className="chat-typing" aria-hidden="true">
        {typing !== undefined && t('chat.typing', { name: typing || t('chat.somebody') })}
      </p>
      {id && outbox && <Compose room={id} outbox={outbox} onType={sayTyping} />}
    </>
  )
}

/** What is on the screen is read; what comes while the page is in the background is counted in its title. */
function useRead(id: string | undefined, messages: readonly Message[]): void {
  const client = useQueryClient()
  const seen = useRef(0)
  const newest = messages.at(-1)?.seq ?? 0
  useEffect(() => {
    if (!id) return
    const look = () => {
      if (document.hidden) {
        countUnread(messages.filter(({ seq, author }) => seq > seen.current && !isMine(author.id)).length)
      } else {
        countUnread(0)
        if (newest <= seen.current) return
        seen.current = newest
        const params = { path: { id } }
        void api
          .POST('/api/v1/rooms/{id}/read' as never, { params, body: { seq: newest } } as never)
          .then(() => client.invalidateQueries({ queryKey: ['rooms'] }))
          .catch(() => undefined)
      }
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [id, newest])
}

interface LogProps {
  messages: readonly Message[]
  outbox: Outbox | undefined
  loaded: boolean
  kind: RoomWanted['kind']
}

function Log({ messages, outbox, loaded, kind }: LogProps) {
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const [unseen, setUnseen] = useState(0)
  const shownSeq = useRef(0)
  const waiting = outbox?.waiting ?? []
  const toEnd = () => {
    const element = box.current
    if (element) element.scrollTop = element.scrollHeight
    setUnseen(0)
  }
  useLayoutEffect(() => {
    const fresh = messages.filter(({ seq }) => seq > shownSeq.current)
    shownSeq.current = messages.at(-1)?.seq ?? 0
    // Whoever reads further up is not dragged away.
    if (atEnd.current) toEnd()
    else setUnseen((count) => count + fresh.filter(({ author }) => !isMine(author.id)).length)
  }, [messages, waiting.length])
  return (
    <>
      <div
        className="chat-log"
        role="log"
        aria-label={t('chat.log')}
        // It scrolls, so the keyboard must be able to.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        ref={box}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          atEnd.current = scrollHeight - scrollTop - clientHeight < 40
          if (atEnd.current) setUnseen(0)
        }}
      >
        {!loaded && <div className="skeleton skeleton-line" />}
        {loaded && messages.length === 0 && waiting.length === 0 && <p className="muted">{t(`chat.empty.${kind}`)}</p>}
        {messages.map(({ seq, author, text, sent_at: at, client_id }) => (
          <div key={seq} className={`bubble ${isMine(author.id) ? 'bubble-mine' : ''}`} data-client={client_id}>
            <span className={isMine(author.id) ? 'sr-only' : 'bubble-who'}>{isMine(author.id) ? t('chat.me') : author.name}</span>
            {text}
            <span className="bubble-when">{time(at)}</span>
          </div>
        ))}
        {waiting.map(({ client_id: one, text, refused }) => (
          <div key={one} className={`bubble bubble-mine ${refused ? 'bubble-failed' : ''}`} data-waiting={one}>
            {text}
            <span className="bubble-when">{refused ? t('chat.failed', { why: refused }) : t('chat.sending')}</span>
            {refused && (
              <span className="row">
                <Button small look="saffron" onClick={() => outbox?.retry(one)}>
                  {t('chat.retry')}
                </Button>
                <Button small look="saffron" onClick={() => outbox?.drop(one)}>
                  {t('chat.drop')}
                </Button>
              </span>
            )}
          </div>
        ))}
      </div>
      {unseen > 0 && (
        <Button small className="chat-new" onClick={toEnd}>
          {t('chat.new', { count: unseen })}
        </Button>
      )}
    </>
  )
}

function Compose({ room, outbox, onType }: { room: string; outbox: Outbox; onType: () => void }) {
  const [text, setText] = useState(() => read<string>(draftKey(room)) ?? '')
  const box = useRef<HTMLTextAreaElement>(null)
  const send = (event?: FormEvent) => {
    event?.preventDefault()
    if (!text.trim()) return box.current?.focus()
    outbox.add(text.trim())
    setText('')
    remove(draftKey(room))
    box.current?.focus()
  }
  return (
    <form className="chat-form" onSubmit={send}>
      <label className="sr-only" htmlFor="chat-text">
        {t('chat.message')}
      </label>
      <textarea
        className="input"
        id="chat-text"
        ref={box}
        rows={1}
        maxLength={4000}
        placeholder={t('chat.placeholder')}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          write(draftKey(room), event.target.value)
          onType()
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          send()
        }}
      />
      <button type="submit" className="tool" aria-label={t('chat.send')}>
        <Icon name="send" />
      </button>
    </form>
  )
}
