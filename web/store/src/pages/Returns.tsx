import { useShop } from '../api/queries.ts'
import { t } from '../i18n/index.ts'
import { openChat } from '../chat/state.ts'
import { Button } from '../ui/Button.tsx'
import { useTitle } from '../ui/Page.tsx'

export default function Returns() {
  useTitle(t('footer.returns'))
  const days = useShop()?.returns_days
  return (
    <div className="page-narrow stack">
      <h1>{t('footer.returns')}</h1>
      {days != null ? <p className="empty">{t('returns.text', { count: days })}</p> : <p className="empty">{t('returns.ask')}</p>}
      <ol className="timeline">
        {(['write', 'send', 'money'] as const).map((step) => (
          <li key={step}>{t(`returns.${step}`)}</li>
        ))}
      </ol>
      <Button onClick={() => openChat({ kind: 'support', title: t('chat.support') })}>{t('help.write')}</Button>
    </div>
  )
}
