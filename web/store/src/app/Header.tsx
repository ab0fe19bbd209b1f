import { Link, NavLink } from 'react-router'
import { useShop } from '../api/queries.ts'
import { Search } from '../catalogue/Search.tsx'
import { openDrawer, useCart } from '../cart/store.ts'
import { countItems } from '../cart/shown.ts'
import { t } from '../i18n/index.ts'
import { Icon, Mark } from '../ui/Icon.tsx'

export function Header() {
  const shop = useShop()
  const count = countItems(useCart())
  return (
    <header className="site-header">
      <div className="wrap site-bar">
        <Link className="brand" to="/">
          <Mark />
          <span>{shop?.name ?? 'Souk'}</span>
        </Link>
        <nav className="site-nav" aria-label={t('nav.label')}>
          <NavLink to="/products" end>
            {t('nav.all')}
          </NavLink>
          {shop?.collections.slice(0, 6).map(({ slug, name }) => (
            <NavLink key={slug} to={`/collections/${slug}`}>
              {name}
            </NavLink>
          ))}
        </nav>
        <Search />
        <div className="site-tools">
          <Link className="tool" to="/account" aria-label={t('account.title')}>
            <Icon name="user" />
          </Link>
          <Link
            className="tool"
            to="/cart"
            aria-label={count > 0 ? t('cart.with', { count }) : t('cart.title')}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey || location.pathname === '/cart') return
              event.preventDefault()
              openDrawer(true)
            }}
          >
            <Icon name="bag" />
            {count > 0 && (
              <span className="badge" aria-hidden="true">
                {count}
              </span>
            )}
          </Link>
        </div>
      </div>
    </header>
  )
}
