import { useState } from 'react'
import { Link } from 'react-router'
import { useShop } from '../api/queries.ts'
import { chooseLanguage, language, LANGUAGES, t, type Language } from '../i18n/index.ts'
import { chooseTheme, theme, type Theme } from './theme.ts'

export function Footer() {
  const shop = useShop()
  const [look, setLook] = useState<Theme>(theme())
  return (
    <footer className="site-footer">
      <div className="wrap footer-grid">
        <div>
          <p className="footer-name">{shop?.name}</p>
          <p className="footer-line">{t('footer.line')}</p>
        </div>
        <nav aria-label={t('footer.shop')}>
          <h2>{t('footer.shop')}</h2>
          <ul>
            {shop?.collections.map(({ slug, name }) => (
              <li key={slug}>
                <Link to={`/collections/${slug}`}>{name}</Link>
              </li>
            ))}
          </ul>
        </nav>
        <nav aria-label={t('footer.help')}>
          <h2>{t('footer.help')}</h2>
          <ul>
            <li>
              <Link to="/delivery">{t('footer.delivery')}</Link>
            </li>
            <li>
              <Link to="/returns">{t('footer.returns')}</Link>
            </li>
            <li>
              <Link to="/help">{t('footer.contact')}</Link>
            </li>
            <li>
              <Link to="/account/orders">{t('footer.orders')}</Link>
            </li>
          </ul>
        </nav>
        <div className="footer-set">
          <label>
            {t('footer.language')}
            <select value={language} onChange={(event) => chooseLanguage(event.target.value as Language)}>
              {Object.entries(LANGUAGES).map(([code, name]) => (
                <option key={code} value={code} lang={code}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t('footer.theme')}
            <select
              value={look}
              onChange={(event) => {
                const chosen = event.target.value as Theme
                setLook(chosen)
                chooseTheme(chosen)
              }}
            >
              <option value="auto">{t('theme.auto')}</option>
              <option value="light">{t('theme.light')}</option>
              <option value="dark">{t('theme.dark')}</option>
            </select>
          </label>
        </div>
      </div>
    </footer>
  )
}
