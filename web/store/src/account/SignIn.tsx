import { useState } from 'react'
import { Link, Navigate, useSearchParams } from 'react-router'
import { ApiProblem, api, unwrap } from '../api/client.ts'
import { begun, useSession } from '../api/session.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'
import { checkEmail, EmailField, Field, useForm } from '../ui/form.tsx'
import { useTitle } from '../ui/Page.tsx'
import { useNext } from './next.ts'

export default function SignIn() {
  useTitle(t('account.signin'))
  const next = useNext()
  const [params] = useSearchParams()
  const { signedIn } = useSession()
  const [values, setValues] = useState({ email: '', password: '', code: '' })
  /** The password was right, and a code is asked for. */
  const [second, setSecond] = useState(false)
  const form = useForm<keyof typeof values>({
    values,
    check: ({ email, password, code }) => ({
      email: checkEmail(email),
      password: password ? undefined : t('fault.password.missing'),
      code: second && !code.trim() ? t('fault.code.missing') : undefined,
    }),
    pointers: { '/email': 'email', '/password': 'password', '/code': 'code' },
    codes: { second_factor_required: 'code' },
    onSubmit: async ({ email, password, code }) => {
      const typed = code.replace(/\s/g, '')
      try {
        const body = { email: email.trim(), password, ...(second && typed ? { code: typed } : {}) }
        begun(await unwrap(api.POST('/api/v1/sessions', { body })))
        next()
      } catch (error) {
        if (error instanceof ApiProblem && error.code === 'second_factor_required' && !second) return setSecond(true)
        throw error
      }
    },
  })
  const change = (name: keyof typeof values) => (event: { target: { value: string } }) => {
    const changed = { ...values, [name]: event.target.value }
    form.recheck(changed)
    setValues(changed)
  }
  if (signedIn) return <Navigate to={params.get('next')?.startsWith('/') ? params.get('next')! : '/account'} replace />
  return (
    <div className="page-narrow">
      <h1>{t('account.signin')}</h1>
      {form.summary}
      <form className="form" noValidate onSubmit={form.submit}>
        <EmailField {...form.field('email')} label={t('address.email')} name="email" autoComplete="username" value={values.email} onChange={change('email')} />
        <Field
          {...form.field('password')}
          label={t('account.password')}
          name="password"
          type="password"
          autoComplete="current-password"
          value={values.password}
          onChange={change('password')}
        />
        {second && (
          <Field
            {...form.field('code')}
            label={t('account.code')}
            hint={t('account.code.hint')}
            name="code"
            autoComplete="one-time-code"
            spellCheck={false}
            // The step that was asked for has just appeared.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={values.code}
            onChange={change('code')}
          />
        )}
        <Button type="submit" busy={form.busy}>
          {t('account.signin')}
        </Button>
      </form>
      <p className="row mt-6">
        <Link to="/account/forgot">{t('account.forgot')}</Link>
        <Link to={`/account/register?next=${encodeURIComponent(params.get('next') ?? '/account')}`}>{t('account.register')}</Link>
      </p>
    </div>
  )
}
