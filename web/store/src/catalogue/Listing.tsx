import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import NotFound from '../app/NotFound.tsx'
import { listQuery, useShop } from '../api/queries.ts'
import { t } from '../i18n/index.ts'
import { Failed, useTitle } from '../ui/Page.tsx'
import { Card, CardSkeletons } from './Card.tsx'
import { Chips, Filters } from './Filters.tsx'
import { changed, questionOf, type Sort } from './question.ts'

const SORTS: Sort[] = ['relevance', 'newest', 'price', '-price', 'title']

export default function Listing() {
  const { slug } = useParams()
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const shop = useShop()
  const collection = shop?.collections.find((one) => one.slug === slug)
  const currency = shop?.currencies[0] ?? 'USD'
  const question = questionOf(params, currency, slug)
  const list = useQuery(listQuery(question))
  const title = question.query
    ? t('list.found', { words: question.query })
    : slug
      ? (collection?.name ?? '')
      : t('nav.all')
  useTitle(title)
  if (slug && shop && !collection) return <NotFound />
  if (list.isError && !list.data) return <Failed error={list.error} retry={() => void list.refetch()} />
  const { data } = list
  const narrowed = ['category', 'vendor', 'price_from', 'price_to', 'in_stock'].some((name) => params.has(name))
  return (
    <div className="wrap listing" aria-busy={list.isPlaceholderData || undefined}>
      <header className="listing-head">
        <h1>{title}</h1>
        <p className="listing-count" role="status">
          {data ? t('list.count', { count: data.total }) : t('loading')}
        </p>
      </header>
      <div className="listing-body">
        <Filters facets={data?.facets} slug={slug} currency={currency} />
        <div className="listing-results">
          <div className="toolbar">
            <Chips slug={slug} currency={currency} />
            <label className="toolbar-sort">
              {t('sort.label')}
              <select
                className="input select-small"
                value={question.sort ?? 'relevance'}
                onChange={(event) => {
                  const sort = event.target.value === 'relevance' ? undefined : event.target.value
                  navigate(changed(params, { sort }) || '?')
                }}
              >
                {SORTS.map((sort) => (
                  <option key={sort} value={sort}>
                    {t(`sort.${sort}`)}
                  </option>
                ))}
              </select>
            </label>
          </div>
          {!data ? (
            <CardSkeletons count={9} />
          ) : data.items.length > 0 ? (
            <>
              <div className="grid">
                {data.items.map((product, index) => (
                  <Card key={product.id} product={product} eager={index < 2} level={2} />
                ))}
              </div>
              {(data.next || question.cursor) && (
                <nav className="pager" aria-label={t('list.pages')}>
                  {question.cursor && (
                    <Link className="btn btn-line" to={changed(params, {}) || '?'}>
                      {t('list.first')}
                    </Link>
                  )}
                  {data.next && (
                    <Link className="btn btn-line" rel="next" to={changed(params, { cursor: data.next })}>
                      {t('list.next')}
                    </Link>
                  )}
                </nav>
              )}
            </>
          ) : (
            <Nothing words={question.query} narrowed={narrowed} />
          )}
        </div>
      </div>
    </div>
  )
}

function Nothing({ words, narrowed }: { words: string | undefined; narrowed: boolean }) {
  const shop = useShop()
  return (
    <>
      <p className="empty">{words && !narrowed ? t('list.none.words', { words }) : t('list.none')}</p>
      <p className="row">
        {narrowed && (
          <Link className="btn btn-primary" to={words ? `?query=${encodeURIComponent(words)}` : '?'}>
            {t('filters.clear')}
          </Link>
        )}
        {shop?.collections.map(({ slug, name }) => (
          <Link key={slug} className="chip" to={`/collections/${slug}`}>
            {name}
          </Link>
        ))}
      </p>
    </>
  )
}
