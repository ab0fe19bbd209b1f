import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, unwrap } from '../api/client.ts'
import { moment } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { problemText } from '../ui/form.tsx'
import { Failed, useTitle } from '../ui/Page.tsx'

export default function Sessions() {
  useTitle(t('account.sessions'))
  const client = useQueryClient()
  const [fault, setFault] = useState<string>()
  const list = useQuery({ queryKey: ['sessions'], queryFn: () => unwrap(api.GET('/api/v1/sessions')) })
  if (list.isError) return <Failed error={list.error} retry={() => void list.refetch()} />
  const end = (id: string) =>
    void unwrap(api.DELETE('/api/v1/sessions/{id}', { params: { path: { id } } })).then(
      () => client.invalidateQueries({ queryKey: ['sessions'] }),
      (error: unknown) => setFault(problemText(error)),
    )
  return (
    <>
      <h1>{t('account.sessions')}</h1>
      <p className="muted">{t('sessions.text')}</p>
      {fault && (
        <p className="note note-bad" role="alert">
          {fault}
        </p>
      )}
      <ul className="rows mt-4">
        {list.data?.items.map(({ id, user_agent: agent, created_at: since, last_used_at: last, current }) => (
          <li className="rows-item" key={id}>
            <div>
              <p>{agent || t('sessions.unknown')}</p>
              <p className="muted small">{t('sessions.times', { since: moment(since), last: moment(last) })}</p>
            </div>
            {current ? (
              <span className="status status-good">{t('sessions.this')}</span>
            ) : (
              <button type="button" className="link small" onClick={() => end(id)}>
                {t('sessions.end')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
