import { useState } from 'react'
import { api, unwrap } from '../api/client.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'
import { checkEmail, EmailField, useForm } from '../ui/form.tsx'
import { useTitle } from '../ui/Page.tsx'

export default function Forgot() {
  useTitle(t('account.forgot'))
  const [email, setEmail] = useState('')
  const [sent, setSent] = useState(false)
  const form = useForm<'email'>({
    values: { email },
    check: ({ email }) => ({ email: checkEmail(email) }),
    pointers: { '/email': 'email' },
    onSubmit: async ({ email }) => {
      await unwrap(api.POST('/api/v1/password-resets', { body: { email: email.trim() } }))
      setSent(true)
    },
  })
  return (
    <div className="page-narrow">
      <h1>{t('account.forgot')}</h1>
      {sent ? (
        <p className="note note-good" role="status">
          {t('account.forgot.sent')}
        </p>
      ) : (
        <>
          {form.summary}
          <form className="form" noValidate onSubmit={form.submit}>
            <EmailField
              {...form.field('email')}
              label={t('address.email')}
              name="email"
              value={email}
              onChange={(event) => {
                form.recheck({ email: event.target.value })
                setEmail(event.target.value)
              }}
            />
            <Button type="submit" busy={form.busy}>
              {t('account.forgot.send')}
            </Button>
          </form>
        </>
      )}
    </div>
  )
}
