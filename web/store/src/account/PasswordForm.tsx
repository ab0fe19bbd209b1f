import { useState } from 'react'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'
import { Field, useForm } from '../ui/form.tsx'

interface PasswordFormProps {
  text: string
  action: string
  onPassword: (password: string) => Promise<void>
}

/** Something that the password is asked for once more. */
export function PasswordForm({ text, action, onPassword }: PasswordFormProps) {
  const [password, setPassword] = useState('')
  const form = useForm<'password'>({
    values: { password },
    check: ({ password }) => ({ password: password ? undefined : t('fault.password.missing') }),
    pointers: { '/password': 'password' },
    codes: { wrong_password: 'password' },
    onSubmit: ({ password }) => onPassword(password),
  })
  return (
    <form className="form panel-body" noValidate onSubmit={form.submit}>
      {form.summary}
      <p>{text}</p>
      <Field
        {...form.field('password')}
        label={t('account.password')}
        name="password"
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => {
          form.recheck({ password: event.target.value })
          setPassword(event.target.value)
        }}
      />
      <Button type="submit" busy={form.busy} className="justify-self-start">
        {action}
      </Button>
    </form>
  )
}
