import { useRouteError } from 'react-router'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'

/** A page that broke, or whose files are of an older build than the server. What was typed is kept by its form. */
export function Crashed() {
  const error = useRouteError()
  console.error(error)
  return (
    <div className="wrap page">
      <h1>{t('error.title')}</h1>
      <p className="empty">{t('error.crashed')}</p>
      <Button onClick={() => location.reload()}>{t('error.reload')}</Button>
    </div>
  )
}
