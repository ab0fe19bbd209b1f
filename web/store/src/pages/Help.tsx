import { Link } from 'react-router'
import { openChat } from '../chat/state.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'
import { useTitle } from '../ui/Page.tsx'

export default function Help() {
  useTitle(t('footer.contact'))
  return (
    <div className="page-narrow stack">
      <h1>{t('footer.contact')}</h1>
      <p className="empty">{t('help.text')}</p>
      <Button onClick={() => openChat({ kind: 'support', title: t('chat.support') })}>{t('help.write')}</Button>
      <p className="row">
        <Link to="/delivery">{t('footer.delivery')}</Link>
        <Link to="/returns">{t('footer.returns')}</Link>
      </p>
    </div>
  )
}
