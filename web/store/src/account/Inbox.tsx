import { openChat, type RoomKind } from '../chat/state.ts'
import { moment } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'
import { Failed, useTitle } from '../ui/Page.tsx'
import { useRooms } from './unread.ts'

export default function Inbox() {
  useTitle(t('account.inbox'))
  const rooms = useRooms()
  if (rooms.isError) return <Failed error={rooms.error} retry={() => void rooms.refetch()} />
  const items = rooms.data?.items
  return (
    <>
      <h1>{t('account.inbox')}</h1>
      {!items && <div className="skeleton skeleton-block" />}
      {items?.length === 0 && <p className="empty">{t('inbox.none')}</p>}
      <ul className="rows">
        {items?.map(({ room, last_message: last, unread, updated_at: at }) => {
          const title = t(`chat.room.${room.kind as RoomKind}`)
          return (
            <li className="rows-item" key={room.id}>
              <div>
                <button
                  type="button"
                  className="link"
                  onClick={() => openChat({ kind: room.kind as RoomKind, subject: room.subject_id ?? undefined, title, id: room.id })}
                >
                  {title}
                  {unread > 0 && <strong> ({t('inbox.unread', { count: unread })})</strong>}
                </button>
                {last && (
                  <p className="muted small">
                    {last.author.name}: {last.text.slice(0, 120)}
                  </p>
                )}
              </div>
              <time className="muted small" dateTime={at}>
                {moment(at)}
              </time>
            </li>
          )
        })}
      </ul>
      <p className="mt-6">
        <Button look="line" small onClick={() => openChat({ kind: 'support', title: t('chat.support') })}>
          {t('help.write')}
        </Button>
      </p>
    </>
  )
}
