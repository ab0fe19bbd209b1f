import { useState } from 'react'
import { api, unwrap } from '../api/client.ts'
import { changed, useSession } from '../api/session.ts'
import { t } from '../i18n/index.ts'
import { announce } from '../ui/Announcer.tsx'
import { Button } from '../ui/Button.tsx'
import { checkEmail, EmailField, Field, problemText, useForm } from '../ui/form.tsx'
import { useTitle } from '../ui/Page.tsx'
import { PasswordForm } from './PasswordForm.tsx'
import { PASSWORD_LENGTH } from './password.ts'

export default function Security() {
  useTitle(t('account.security'))
  return (
    <>
      <h1>{t('account.security')}</h1>
      <ChangePassword />
      <ChangeEmail />
      <SecondFactor />
    </>
  )
}

function ChangePassword() {
  const [values, setValues] = useState({ current: '', next: '' })
  const form = useForm<'current' | 'next'>({
    values,
    check: ({ current, next }) => ({
      current: current ? undefined : t('fault.password.missing'),
      next: next.length >= PASSWORD_LENGTH ? undefined : t('fault.password.short', { count: PASSWORD_LENGTH }),
    }),
    pointers: { '/current_password': 'current', '/new_password': 'next' },
    codes: { wrong_password: 'current' },
    onSubmit: async ({ current, next }) => {
      const body = { current_password: current, new_password: next }
      await unwrap(api.POST('/api/v1/accounts/me/password', { body }))
      setValues({ current: '', next: '' })
      announce(t('saved'))
    },
  })
  const change = (name: 'current' | 'next') => (event: { target: { value: string } }) => {
    const changed = { ...values, [name]: event.target.value }
    form.recheck(changed)
    setValues(changed)
  }
  return (
    <section className="panel" aria-labelledby="security-password">
      <h2 id="security-password">{t('account.changepassword')}</h2>
      <form className="form panel-body" noValidate onSubmit={form.submit}>
        {form.summary}
        <Field {...form.field('current')} label={t('account.currentpassword')} name="current-password" type="password" autoComplete="current-password" value={values.current} onChange={change('current')} />
        <Field {...form.field('next')} label={t('account.newpassword')} hint={t('account.password.hint', { count: PASSWORD_LENGTH })} name="new-password" type="password" autoComplete="new-password" value={values.next} onChange={change('next')} />
        <Button type="submit" busy={form.busy} className="justify-self-start">
          {t('save')}
        </Button>
      </form>
    </section>
  )
}

function ChangeEmail() {
  const { account } = useSession()
  const [values, setValues] = useState({ email: '', password: '' })
  const [sent, setSent] = useState(false)
  const form = useForm<'email' | 'password'>({
    values,
    check: ({ email, password }) => ({
      email: checkEmail(email),
      password: password ? undefined : t('fault.password.missing'),
    }),
    pointers: { '/email': 'email', '/password': 'password' },
    codes: { wrong_password: 'password' },
    onSubmit: async ({ email, password }) => {
      await unwrap(api.POST('/api/v1/accounts/me/email', { body: { email: email.trim(), password } }))
      setSent(true)
    },
  })
  const change = (name: 'email' | 'password') => (event: { target: { value: string } }) => {
    const changed = { ...values, [name]: event.target.value }
    form.recheck(changed)
    setValues(changed)
  }
  return (
    <section className="panel" aria-labelledby="security-email">
      <h2 id="security-email">{t('account.changeemail')}</h2>
      <p className="muted">{account?.email}</p>
      {sent ? (
        <p className="note note-good panel-body" role="status">
          {t('account.confirm.sent')}
        </p>
      ) : (
        <form className="form panel-body" noValidate onSubmit={form.submit}>
          {form.summary}
          <EmailField {...form.field('email')} label={t('account.newemail')} name="email" value={values.email} onChange={change('email')} />
          <Field {...form.field('password')} label={t('account.password')} name="password" type="password" autoComplete="current-password" value={values.password} onChange={change('password')} />
          <Button type="submit" busy={form.busy} className="justify-self-start">
            {t('save')}
          </Button>
        </form>
      )}
    </section>
  )
}

function SecondFactor() {
  const { account } = useSession()
  const [begun, setBegun] = useState<{ secret: string; otpauth_uri: string }>()
  const [codes, setCodes] = useState<readonly string[]>()
  const [fault, setFault] = useState<string>()
  const [code, setCode] = useState('')
  const form = useForm<'code'>({
    values: { code },
    check: ({ code }) => ({ code: code.trim() ? undefined : t('fault.code.missing') }),
    pointers: { '/code': 'code' },
    codes: { code_wrong: 'code' },
    onSubmit: async ({ code }) => {
      const body = { code: code.replace(/\s/g, '') }
      const { recovery_codes: given } = await unwrap(api.POST('/api/v1/accounts/me/totp/confirm', { body }))
      setCodes(given)
      setBegun(undefined)
      if (account) changed({ ...account, second_factor: true })
    },
  })
  const begin = () =>
    void unwrap(api.POST('/api/v1/accounts/me/totp')).then(setBegun, (error: unknown) => setFault(problemText(error)))
  return (
    <section className="panel" aria-labelledby="security-second">
      <h2 id="security-second">{t('totp.title')}</h2>
      <div className="panel-body stack">
        {fault && (
          <p className="note note-bad" role="alert">
            {fault}
          </p>
        )}
        {codes && (
          <div className="wide" role="status">
            <p className="note note-good">{t('totp.on')}</p>
            <p className="mt-4">{t('totp.codes')}</p>
            <ul className="codes code mt-2">
              {codes.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </div>
        )}
        {account?.second_factor ? (
          <details className="wide">
            <summary className="link">{t('totp.off')}</summary>
            <PasswordForm
              text={t('totp.off.text')}
              action={t('totp.off')}
              onPassword={async (password) => {
                await unwrap(api.DELETE('/api/v1/accounts/me/totp', { body: { password } }))
                setCodes(undefined)
                changed({ ...account, second_factor: false })
              }}
            />
          </details>
        ) : begun ? (
          <form className="form" noValidate onSubmit={form.submit}>
            {form.summary}
            <p>{t('totp.scan')}</p>
            <p>
              <a className="more" href={begun.otpauth_uri}>
                {t('totp.open')}
              </a>
            </p>
            <p className="code note" data-secret={begun.secret}>
              {begun.secret.replace(/(.{4})/g, '$1 ').trim()}
            </p>
            <Field
              {...form.field('code')}
              label={t('account.code')}
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              value={code}
              onChange={(event) => {
                form.recheck({ code: event.target.value })
                setCode(event.target.value)
              }}
            />
            <Button type="submit" busy={form.busy}>
              {t('totp.turnon')}
            </Button>
          </form>
        ) : (
          <>
            <p className="muted">{t('totp.text')}</p>
            <Button look="line" onClick={begin}>
              {t('totp.turnon')}
            </Button>
          </>
        )}
      </div>
    </section>
  )
}
