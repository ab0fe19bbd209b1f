import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { listQuery, useShop } from '../api/queries.ts'
import { t } from '../i18n/index.ts'
import { Failed, useTitle } from '../ui/Page.tsx'
import { Card, CardSkeletons } from './Card.tsx'
import { homeQuestion } from './question.ts'

export default function Home() {
  useTitle('')
  const shop = useShop()
  const newest = useQuery(listQuery(homeQuestion))
  if (newest.isError && !newest.data) return <Failed error={newest.error} retry={() => void newest.refetch()} />
  return (
    <>
      <section className="hero">
        <div className="wrap hero-grid">
          <div className="hero-copy">
            <p className="eyebrow">{t('home.eyebrow')}</p>
            <h1>{t('home.title')}</h1>
            <p className="hero-lead">{t('home.lead')}</p>
            <p className="hero-actions">
              <Link className="btn btn-saffron" to="/products">
                {t('home.shop')}
              </Link>
            </p>
          </div>
          <div className="hero-arches">
            {shop?.collections.slice(0, 3).map(({ slug, name, image }, index) => (
              <Link key={slug} className="arch" to={`/collections/${slug}`}>
                {image && (
                  <img src={image.url} alt="" width={600} height={600} fetchPriority={index === 0 ? 'high' : undefined} />
                )}
                <span>{name}</span>
              </Link>
            ))}
          </div>
        </div>
      </section>
      <section className="wrap section" aria-labelledby="newest">
        <div className="section-head">
          <h2 id="newest">{t('home.newest')}</h2>
          <Link className="more" to="/products?sort=newest">
            {t('home.all')}
          </Link>
        </div>
        {newest.data ? (
          <div className="grid">
            {newest.data.items.map((product) => (
              <Card key={product.id} product={product} />
            ))}
          </div>
        ) : (
          <CardSkeletons count={8} />
        )}
      </section>
      <section className="wrap section" aria-labelledby="collections">
        <div className="section-head">
          <h2 id="collections">{t('home.collections')}</h2>
        </div>
        <div className="tiles">
          {shop?.collections.map(({ slug, name, count, image }) => (
            <Link key={slug} className="tile" to={`/collections/${slug}`}>
              <span className="tile-media">
                {image && <img src={image.url} alt="" width={600} height={600} loading="lazy" />}
              </span>
              <span className="tile-name">{name}</span>
              <span className="tile-count">{t('list.count', { count })}</span>
            </Link>
          ))}
        </div>
      </section>
      <section className="promises">
        <div className="wrap promise-grid">
          {(['live', 'talk', 'hold'] as const).map((promise) => (
            <div key={promise}>
              <h2>{t(`home.${promise}.title`)}</h2>
              <p>{t(`home.${promise}.text`)}</p>
            </div>
          ))}
        </div>
      </section>
    </>
  )
}
