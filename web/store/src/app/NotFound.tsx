import { Link } from 'react-router'
import { useShop } from '../api/queries.ts'
import { t } from '../i18n/index.ts'
import { useTitle } from '../ui/Page.tsx'

export default function NotFound() {
  useTitle(t('notfound.title'))
  const shop = useShop()
  return (
    <div className="wrap page">
      <h1>{t('notfound.title')}</h1>
      <p className="empty">{t('notfound.text')}</p>
      <p className="row">
        <Link className="btn btn-primary" to="/products">
          {t('nav.all')}
        </Link>
        {shop?.collections.slice(0, 4).map(({ slug, name }) => (
          <Link key={slug} className="btn btn-line" to={`/collections/${slug}`}>
            {name}
          </Link>
        ))}
      </p>
    </div>
  )
}
