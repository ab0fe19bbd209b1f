// Forms that say what is wrong: nothing while a field is first typed in; after a failed submit a summary that takes the
// focus, the same words beside each field, and each message gone as soon as its field is right.
import { useEffect, useId, useRef, useState, type FormEvent, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from 'react'
import { ApiProblem, Unreachable } from '../api/client.ts'
import { foreign, t, tr } from '../i18n/index.ts'

export type Faults<F extends string> = Partial<Record<F | 'form', string>>

interface FormOptions<F extends string> {
  values: Record<F, string>
  /** What can be said without the server. */
  check?: (values: Record<F, string>) => Faults<F>
  /** JSON pointers of the API's body, and the field that holds each. */
  pointers?: Record<string, F>
  /** Codes of problems that are about one field without pointing at it. */
  codes?: Record<string, F>
  onSubmit: (values: Record<F, string>) => Promise<void>
}

export interface FormState<F extends string> {
  faults: Faults<F>
  busy: boolean
  submit: (event?: FormEvent) => void
  recheck: (values: Record<F, string>) => void
  fail: (faults: Faults<F>) => void
  summary: ReactNode
  field: (name: F) => { id: string; error: string | undefined }
}

export function useForm<F extends string>({ values, check, pointers = {}, codes = {}, onSubmit }: FormOptions<F>): FormState<F> {
  const prefix = useId()
  const [faults, setFaults] = useState<Faults<F>>({})
  const [busy, setBusy] = useState(false)
  const [round, setRound] = useState(0)
  const running = useRef(false)
  const box = useRef<HTMLDivElement>(null)
  const idOf = (name: string) => `${prefix}-${name}`

  const fail = (next: Faults<F>) => {
    setFaults(next)
    setRound((n) => n + 1)
  }
  useEffect(() => {
    if (round > 0) box.current?.focus()
  }, [round])
  const entries = Object.entries(faults).filter(([, text]) => text) as [F | 'form', string][]
  useErrorTitle(entries.length > 0)

  async function run(): Promise<void> {
    if (running.current) return
    const found = check?.(values) ?? {}
    if (Object.values(found).some(Boolean)) return fail(found as Faults<F>)
    running.current = true
    setBusy(true)
    setFaults({})
    try {
      await onSubmit(values)
    } catch (error) {
      fail(faultsOf(error, pointers, codes))
    } finally {
      running.current = false
      setBusy(false)
    }
  }

  return {
    faults,
    busy,
    submit: (event) => {
      event?.preventDefault()
      void run()
    },
    recheck: (next) => {
      if (entries.length === 0) return
      const found = check?.(next) ?? {}
      const left: Faults<F> = {}
      for (const [name, text] of entries) {
        const changed = name !== 'form' && next[name as F] !== values[name as F]
        const still = (found as Faults<F>)[name]
        if (still) left[name] = still
        else if (!changed) left[name] = text
      }
      setFaults(left)
    },
    fail,
    field: (name) => ({ id: idOf(name), error: faults[name] }),
    summary: entries.length > 0 && (
      <div className="error-summary" role="alert" tabIndex={-1} ref={box} aria-labelledby={`${prefix}-summary`}>
        <h2 id={`${prefix}-summary`}>{t('form.problem')}</h2>
        <ul>
          {entries.map(([name, text]) => (
            <li key={name}>
              {name === 'form' ? (
                text
              ) : (
                <a
                  href={`#${idOf(name)}`}
                  onClick={(event) => {
                    event.preventDefault()
                    document.getElementById(idOf(name))?.focus()
                  }}
                >
                  {text}
                </a>
              )}
            </li>
          ))}
        </ul>
      </div>
    ),
  }
}

/** What a refused call says, at the fields it names. */
export function faultsOf<F extends string>(error: unknown, pointers: Record<string, F>, codes: Record<string, F> = {}): Faults<F> {
  const faults: Faults<F> = {}
  if (error instanceof ApiProblem) {
    const about = codes[error.code]
    if (about) faults[about] = problemText(error)
    for (const { pointer, code, detail } of error.errors) {
      const field = pointers[pointer]
      const meant = tr(`fault.field.${field ?? pointer.split('/').at(-1)}`, foreign(detail, code))
      const text = tr(`fault.${error.code}`, tr(`fault.${code}`, meant))
      if (field) faults[field] ??= text
      else faults.form ??= text
    }
    if (Object.keys(faults).length === 0) faults.form = problemText(error)
  } else if (error instanceof Unreachable) {
    faults.form = t('error.unreachable')
  } else {
    faults.form = t('error.unknown')
    console.error(error)
  }
  return faults
}

export function problemText(error: unknown): string {
  if (error instanceof Unreachable) return t('error.unreachable')
  if (!(error instanceof ApiProblem)) return t('error.unknown')
  if (error.code === 'rate_limited') return t('error.rate', { seconds: error.retryAfter ?? 1 })
  return tr(`problem.${error.code}`, foreign(error.detail ?? error.title, error.code))
}

function useErrorTitle(failed: boolean): void {
  useEffect(() => {
    if (!failed) return
    const title = document.title
    document.title = `${t('form.error')}: ${title}`
    return () => {
      document.title = title
    }
  }, [failed])
}

interface FieldProps {
  id: string
  label: ReactNode
  error: string | undefined
  hint?: ReactNode
}

function described(id: string, error: string | undefined, hint: ReactNode): string | undefined {
  return [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
}

function Around({ id, label, error, hint, children }: FieldProps & { children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          <span className="sr-only">{t('form.error')}: </span>
          {error}
        </p>
      )}
    </div>
  )
}

type InputProps = FieldProps & Omit<InputHTMLAttributes<HTMLInputElement>, 'id'>

export function Field({ id, label, error, hint, className = '', ...input }: InputProps) {
  return (
    <Around id={id} label={label} error={error} hint={hint}>
      <input
        {...input}
        id={id}
        className={`input ${className}`}
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, error, hint)}
      />
    </Around>
  )
}

export function EmailField(props: InputProps) {
  return <Field type="email" inputMode="email" autoCapitalize="off" spellCheck={false} autoComplete="email" {...props} />
}

type SelectProps = FieldProps & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'id'>

export function Select({ id, label, error, hint, children, ...select }: SelectProps) {
  return (
    <Around id={id} label={label} error={error} hint={hint}>
      <select
        {...select}
        id={id}
        className="input"
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, error, hint)}
      >
        {children}
      </select>
    </Around>
  )
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

export function checkEmail(value: string): string | undefined {
  if (!value.trim()) return t('fault.email.missing')
  return EMAIL.test(value.trim()) ? undefined : t('fault.email.form')
}
