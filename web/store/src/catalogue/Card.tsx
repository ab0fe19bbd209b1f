import { Link } from 'react-router'
import type { Summary } from '../api/queries.ts'
import { t } from '../i18n/index.ts'
import { Price } from '../ui/Price.tsx'

interface CardProps {
  product: Summary
  eager?: boolean
  level?: 2 | 3
}

export function Card({ product, eager, level = 3 }: CardProps) {
  const { handle, title, vendor, image, price, compare_at_price: before, available } = product
  const Heading = `h${level}` as 'h2' | 'h3'
  return (
    <article className="card">
      <Link className="card-link" to={`/products/${handle}`}>
        <div className="card-media">
          {image && (
            <img
              src={image.url}
              alt={image.alt}
              width={600}
              height={600}
              loading={eager ? undefined : 'lazy'}
              fetchPriority={eager ? 'high' : undefined}
            />
          )}
          {available === 0 ? (
            <span className="flag flag-out">{t('stock.out')}</span>
          ) : (
            before && <span className="flag flag-sale">{t('price.sale')}</span>
          )}
        </div>
        <Heading className="card-title">{title}</Heading>
      </Link>
      <p className="card-vendor">{vendor}</p>
      <p className="card-price">{price && <Price price={price} before={before} />}</p>
    </article>
  )
}

export function CardSkeletons({ count }: { count: number }) {
  return (
    <div className="grid" aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (
        <div key={index}>
          <div className="card-media skeleton" />
          <div className="skeleton skeleton-line" />
        </div>
      ))}
    </div>
  )
}
