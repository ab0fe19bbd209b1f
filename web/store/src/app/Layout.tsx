import { Suspense, useEffect, useRef } from 'react'
import { Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router'
import { useReach } from '../api/live.ts'
import { useDrawer } from '../cart/store.ts'
import { useChat } from '../chat/state.ts'
import { t } from '../i18n/index.ts'
import { Announcer } from '../ui/Announcer.tsx'
import { Footer } from './Footer.tsx'
import { Header } from './Header.tsx'
import { part } from './load.ts'

const CartDrawer = part(() => import('../cart/Drawer.tsx'))
const ChatDock = part(() => import('../chat/Dock.tsx'))

export function Layout() {
  const { pathname } = useLocation()
  const busy = useNavigation().state === 'loading'
  const drawerUsed = useDrawer().used
  const chatUsed = useChat().used
  const main = useRef<HTMLElement>(null)
  // The parts of the checkout are one page, which puts the focus on the part itself.
  const page = pathname.startsWith('/checkout') ? '/checkout' : pathname
  const first = useRef(page)
  useEffect(() => {
    // A new page begins at its beginning, also for whoever hears it; the first one is where the browser put it.
    if (first.current === page) return
    first.current = page
    main.current?.focus({ preventScroll: true })
  }, [page])
  return (
    <>
      <a className="skip-link" href="#main">
        {t('skip')}
      </a>
      <ServerBanner />
      <Header />
      <main id="main" tabIndex={-1} ref={main} aria-busy={busy || undefined}>
        <Outlet />
      </main>
      <Footer />
      <Suspense>{drawerUsed && <CartDrawer />}</Suspense>
      <Suspense>{chatUsed && <ChatDock />}</Suspense>
      <Announcer />
      <ScrollRestoration />
    </>
  )
}

function ServerBanner() {
  const reach = useReach()
  return (
    <div role="status" data-reach={reach}>
      {reach !== 'ok' && <p className="banner">{reach === 'offline' ? t('reach.offline') : t('reach.gone')}</p>}
    </div>
  )
}
