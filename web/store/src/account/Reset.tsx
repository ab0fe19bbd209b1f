import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { api, unwrap } from '../api/client.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'
import { Field, useForm } from '../ui/form.tsx'
import { useTitle } from '../ui/Page.tsx'
import { PASSWORD_LENGTH } from './password.ts'

export default function Reset() {
  useTitle(t('account.reset'))
  const [params] = useSearchParams()
  const [password, setPassword] = useState('')
  const [done, setDone] = useState(false)
  const form = useForm<'password'>({
    values: { password },
    check: ({ password }) => ({
      password: password.length >= PASSWORD_LENGTH ? undefined : t('fault.password.short', { count: PASSWORD_LENGTH }),
    }),
    pointers: { '/new_password': 'password' },
    onSubmit: async ({ password }) => {
      const body = { token: params.get('token') ?? '', new_password: password }
      await unwrap(api.POST('/api/v1/password-resets/complete', { body }))
      setDone(true)
    },
  })
  return (
    <div className="page-narrow">
      <h1>{t('account.reset')}</h1>
      {done ? (
        <p className="note note-good" role="status">
          {t('account.reset.done')} <Link to="/account/sign-in">{t('account.signin')}</Link>
        </p>
      ) : (
        <>
          {form.summary}
          <form className="form" noValidate onSubmit={form.submit}>
            <Field
              {...form.field('password')}
              label={t('account.newpassword')}
              hint={t('account.password.hint', { count: PASSWORD_LENGTH })}
              name="password"
              type="password"
              autoComplete="new-password"
              value={password}
              onChange={(event) => {
                form.recheck({ password: event.target.value })
                setPassword(event.target.value)
              }}
            />
            <Button type="submit" busy={form.busy}>
              {t('save')}
            </Button>
          </form>
        </>
      )}
    </div>
  )
}
