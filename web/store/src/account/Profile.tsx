import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api, unwrap } from '../api/client.ts'
import { changed, ended, useSession } from '../api/session.ts'
import { cart } from '../cart/store.ts'
import { queryClient } from '../api/queries.ts'
import { t } from '../i18n/index.ts'
import { announce } from '../ui/Announcer.tsx'
import { Button } from '../ui/Button.tsx'
import { Field, problemText, useForm } from '../ui/form.tsx'
import { useTitle } from '../ui/Page.tsx'
import { PasswordForm } from './PasswordForm.tsx'

export default function Profile() {
  useTitle(t('account.profile'))
  const { account } = useSession()
  const navigate = useNavigate()
  const [name, setName] = useState(account?.name ?? '')
  const [note, setNote] = useState<string>()
  const form = useForm<'name'>({
    values: { name },
    check: ({ name }) => ({ name: name.trim() ? undefined : t('fault.field.name') }),
    pointers: { '/name': 'name' },
    onSubmit: async ({ name }) => {
      changed(await unwrap(api.PATCH('/api/v1/accounts/me', { body: { name: name.trim() } })))
      announce(t('saved'))
    },
  })
  const leave = () => {
    ended()
    if (cart.state.id) cart.forget(cart.state.id)
    queryClient.clear()
    navigate('/', { replace: true })
  }
  const signOut = () => void unwrap(api.DELETE('/api/v1/sessions/current')).then(leave, leave)
  if (!account) return null
  return (
    <>
      <h1>{t('account.hello', { name: account.name })}</h1>
      {note && (
        <p className="note note-good" role="status">
          {note}
        </p>
      )}
      {!account.email_confirmed && (
        <p className="note note-warn">
          {t('account.unconfirmed', { email: account.email ?? '' })}{' '}
          <button
            type="button"
            className="link"
            onClick={() =>
              void unwrap(api.POST('/api/v1/accounts/me/confirmation')).then(
                () => setNote(t('account.confirm.sent')),
                (error: unknown) => setNote(problemText(error)),
              )
            }
          >
            {t('account.confirm.again')}
          </button>
        </p>
      )}
      <section className="panel mt-4" aria-labelledby="profile-name">
        <h2 id="profile-name">{t('account.profile')}</h2>
        <form className="form panel-body" noValidate onSubmit={form.submit}>
          {form.summary}
          <Field
            {...form.field('name')}
            label={t('address.name')}
            name="name"
            autoComplete="name"
            value={name}
            onChange={(event) => {
              form.recheck({ name: event.target.value })
              setName(event.target.value)
            }}
          />
          <Button type="submit" busy={form.busy} className="justify-self-start">
            {t('save')}
          </Button>
        </form>
      </section>
      <section className="panel" aria-labelledby="leave">
        <h2 id="leave">{t('account.leave')}</h2>
        <div className="row panel-body">
          <Button look="line" onClick={signOut}>
            {t('account.signout')}
          </Button>
          <Button look="line" onClick={() => void download()}>
            {t('account.export')}
          </Button>
        </div>
        <details className="panel-body">
          <summary className="link">{t('account.delete')}</summary>
          <PasswordForm
            text={t('account.delete.text')}
            action={t('account.delete')}
            onPassword={async (password) => {
              await unwrap(api.DELETE('/api/v1/accounts/me', { body: { password } }))
              leave()
            }}
          />
        </details>
      </section>
    </>
  )
}

async function download(): Promise<void> {
  const all = await unwrap(api.GET('/api/v1/accounts/me/export'))
  const url = URL.createObjectURL(new Blob([JSON.stringify(all, null, 2)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'account.json'
  link.click()
  URL.revokeObjectURL(url)
}
