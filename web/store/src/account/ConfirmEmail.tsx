import { useEffect, useRef, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { api, unwrap } from '../api/client.ts'
import { changed, isSignedIn } from '../api/session.ts'
import { t } from '../i18n/index.ts'
import { problemText } from '../ui/form.tsx'
import { useTitle } from '../ui/Page.tsx'

export default function ConfirmEmail() {
  return <Confirmation kind="confirm" />
}

/** Where the link in a mail leads: the address is confirmed, or becomes the account's. */
export function Confirmation({ kind }: { kind: 'confirm' | 'email' }) {
  useTitle(t('account.confirm'))
  const [params] = useSearchParams()
  const [state, setState] = useState<{ done?: boolean; fault?: string }>({})
  const asked = useRef(false)
  const token = params.get('token') ?? ''
  useEffect(() => {
    if (asked.current) return
    asked.current = true
    const body = { token }
    const call = kind === 'confirm' ? api.POST('/api/v1/accounts/confirm', { body }) : api.POST('/api/v1/accounts/email', { body })
    unwrap(call).then(
      (account) => {
        if (isSignedIn()) changed(account)
        setState({ done: true })
      },
      (error: unknown) => setState({ fault: problemText(error) }),
    )
  }, [kind, token])
  return (
    <div className="page-narrow">
      <h1>{t('account.confirm')}</h1>
      <div role="status">
        {state.done && <p className="note note-good">{t('account.confirm.done')}</p>}
        {state.fault && <p className="note note-bad">{state.fault}</p>}
        {!state.done && !state.fault && <p>{t('loading')}</p>}
      </div>
      <p className="mt-6">
        <Link to="/account">{t('account.title')}</Link>
      </p>
    </div>
  )
}
