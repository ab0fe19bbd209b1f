// What every page owes whoever cannot see that it changed: its title, and the focus at its beginning.
import { useEffect, type ReactNode } from 'react'
import { useShop } from '../api/queries.ts'
import { problemText } from './form.tsx'
import { Button } from './Button.tsx'
import { t } from '../i18n/index.ts'

/** Messages that wait, shown before the title. */
let unread = 0
let title = ''

function write(): void {
  document.title = unread > 0 ? `(${unread}) ${title}` : title
}

export function countUnread(count: number): void {
  if (count === unread) return
  unread = count
  write()
}

export function useTitle(text: string | undefined): void {
  const name = useShop()?.name ?? 'Souk'
  useEffect(() => {
    if (text === undefined) return
    title = text ? `${text} - ${name}` : name
    write()
  }, [text, name])
}

export function Loading({ title: heading }: { title?: string }) {
  return (
    <div className="wrap page" aria-busy="true">
      {heading ? <h1>{heading}</h1> : <div className="skeleton skeleton-title" />}
      <p className="sr-only">{t('loading')}</p>
      <div className="skeleton skeleton-block" />
    </div>
  )
}

export function Failed({ error, retry, children }: { error: unknown; retry?: () => void; children?: ReactNode }) {
  return (
    <div className="wrap page">
      <h1>{t('error.title')}</h1>
      <p className="empty">{problemText(error)}</p>
      <div className="row">
        {retry && <Button onClick={retry}>{t('error.retry')}</Button>}
        {children}
      </div>
    </div>
  )
}
