import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { api, unwrap } from '../api/client.ts'
import { begun } from '../api/session.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'
import { checkEmail, EmailField, Field, useForm } from '../ui/form.tsx'
import { useTitle } from '../ui/Page.tsx'
import { useNext } from './next.ts'
import { PASSWORD_LENGTH } from './password.ts'

export default function Register() {
  useTitle(t('account.register'))
  const next = useNext()
  const [params] = useSearchParams()
  const [values, setValues] = useState({ name: '', email: params.get('email') ?? '', password: '' })
  const form = useForm<keyof typeof values>({
    values,
    check: ({ name, email, password }) => ({
      name: name.trim() ? undefined : t('fault.field.name'),
      email: checkEmail(email),
      password: password.length >= PASSWORD_LENGTH ? undefined : t('fault.password.short', { count: PASSWORD_LENGTH }),
    }),
    pointers: { '/name': 'name', '/email': 'email', '/password': 'password' },
    codes: { email_taken: 'email' },
    onSubmit: async ({ name, email, password }) => {
      begun(await unwrap(api.POST('/api/v1/accounts', { body: { name: name.trim(), email: email.trim(), password } })))
      next()
    },
  })
  const change = (name: keyof typeof values) => (event: { target: { value: string } }) => {
    const changed = { ...values, [name]: event.target.value }
    form.recheck(changed)
    setValues(changed)
  }
  return (
    <div className="page-narrow">
      <h1>{t('account.register')}</h1>
      {form.summary}
      <form className="form" noValidate onSubmit={form.submit}>
        <Field {...form.field('name')} label={t('address.name')} name="name" autoComplete="name" value={values.name} onChange={change('name')} />
        <EmailField {...form.field('email')} label={t('address.email')} name="email" value={values.email} onChange={change('email')} />
        <Field
          {...form.field('password')}
          label={t('account.password')}
          hint={t('account.password.hint', { count: PASSWORD_LENGTH })}
          name="password"
          type="password"
          autoComplete="new-password"
          value={values.password}
          onChange={change('password')}
        />
        <Button type="submit" busy={form.busy}>
          {t('account.register')}
        </Button>
      </form>
      <p className="mt-6">
        <Link to={`/account/sign-in?next=${encodeURIComponent(params.get('next') ?? '/account')}`}>{t('account.have')}</Link>
      </p>
    </div>
  )
}
