import { NavLink, Navigate, Outlet, useLocation } from 'react-router'
import { useSession } from '../api/session.ts'
import { t } from '../i18n/index.ts'
import { Loading } from '../ui/Page.tsx'
import { useUnread } from './unread.ts'

const PAGES = [
  ['', 'account.profile'],
  ['orders', 'account.orders'],
  ['inbox', 'account.inbox'],
  ['addresses', 'account.addresses'],
  ['security', 'account.security'],
  ['sessions', 'account.sessions'],
] as const

/** Also open to guests: it shows what this browser knows. */
const OPEN = '/account/orders'

export default function Frame() {
  const { signedIn, pending } = useSession()
  const { pathname } = useLocation()
  const unread = useUnread()
  if (pending) return <Loading title={t('account.title')} />
  if (!signedIn && pathname.replace(/\/$/, '') !== OPEN) {
    return <Navigate to={`/account/sign-in?next=${encodeURIComponent(pathname)}`} replace />
  }
  return (
    <div className={`wrap ${signedIn ? 'account' : 'page'}`}>
      {signedIn && (
        <nav className="account-nav" aria-label={t('account.title')}>
          {PAGES.map(([path, label]) => (
            <NavLink key={path} to={`/account${path && `/${path}`}`} end>
              {t(label)}
              {path === 'inbox' && unread > 0 && ` (${unread})`}
            </NavLink>
          ))}
        </nav>
      )}
      <div>
        <Outlet />
      </div>
    </div>
  )
}
