import { NavLink, Navigate, Outlet, Route, Routes, useLocation } from 'react-router'
import NotFound from '../app/NotFound.tsx'
import { useSession } from '../api/session.ts'
import { t } from '../i18n/index.ts'
import { Loading } from '../ui/Page.tsx'
import { Addresses } from './Addresses.tsx'
import { ConfirmEmail } from './ConfirmEmail.tsx'
import { Forgot } from './Forgot.tsx'
import { Inbox } from './Inbox.tsx'
import { Orders } from './Orders.tsx'
import { Profile } from './Profile.tsx'
import { Register } from './Register.tsx'
import { Reset } from './Reset.tsx'
import { Security } from './Security.tsx'
import { Sessions } from './Sessions.tsx'
import { SignIn } from './SignIn.tsx'
import { useUnread } from './unread.ts'

export default function AccountPages() {
  return (
    <Routes>
      <Route path="sign-in" element={<SignIn />} />
      <Route path="register" element={<Register />} />
      <Route path="forgot" element={<Forgot />} />
      <Route path="reset" element={<Reset />} />
      <Route path="confirm" element={<ConfirmEmail kind="confirm" />} />
      <Route path="email" element={<ConfirmEmail kind="email" />} />
      <Route path="orders" element={<Frame open />}>
        <Route index element={<Orders />} />
      </Route>
      <Route element={<Frame />}>
        <Route index element={<Profile />} />
        <Route path="addresses" element={<Addresses />} />
        <Route path="inbox" element={<Inbox />} />
        <Route path="security" element={<Security />} />
        <Route path="sessions" element={<Sessions />} />
      </Route>
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}

const PAGES = [
  ['', 'account.profile'],
  ['orders', 'account.orders'],
  ['inbox', 'account.inbox'],
  ['addresses', 'account.addresses'],
  ['security', 'account.security'],
  ['sessions', 'account.sessions'],
] as const

/** `open`: also for guests, who see what this browser knows. */
function Frame({ open }: { open?: boolean }) {
  const { signedIn, pending } = useSession()
  const { pathname } = useLocation()
  const unread = useUnread()
  if (pending) return <Loading title={t('account.title')} />
  if (!signedIn && !open) return <Navigate to={`/account/sign-in?next=${encodeURIComponent(pathname)}`} replace />
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
