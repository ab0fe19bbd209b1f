// Filters are links: each is a URL of its own, Back undoes it, and the middle button opens it elsewhere.
import { useState, type FormEvent } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { useShop, type ProductList } from '../api/queries.ts'
import { money } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'
import { amountOf, changed, toggled } from './question.ts'

interface FiltersProps {
  facets: ProductList['facets'] | undefined
  slug: string | undefined
  currency: string
}

export function Filters({ facets, slug, currency }: FiltersProps) {
  const shop = useShop()
  const [params] = useSearchParams()
  const [open, setOpen] = useState(false)
  const counts = new Map(facets?.categories.map(({ value, count }) => [value, count]))
  const vendor = params.get('vendor')
  const inStock = params.get('in_stock') === 'true'
  const searching = params.has('query')
  return (
    <aside className="filters" aria-label={t('filters.title')} data-open={open || undefined}>
      <Button look="line" small className="filter-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t('filters.title')}
      </Button>
      <div className="filter-group">
        <h2>{t('filters.category')}</h2>
        <ul>
          {shop?.collections
            .filter(({ name }) => !searching || counts.has(name))
            .map(({ slug: one, name, count }) => {
              const chosen = slug === one || params.getAll('category').includes(one)
              return (
                <li key={one}>
                  <Link
                    className="facet"
                    to={searching ? toggled(params, 'category', one) : `/collections/${one}`}
                    aria-current={chosen ? 'true' : undefined}
                  >
                    <span>{name}</span>
                    <span className="facet-count">{searching ? counts.get(name) : count}</span>
                  </Link>
                </li>
              )
            })}
        </ul>
      </div>
      <div className="filter-group">
        <h2>{t('filters.stock')}</h2>
        <Link
          className="facet"
          to={changed(params, { in_stock: inStock ? undefined : 'true' }) || '?'}
          aria-current={inStock ? 'true' : undefined}
        >
          <span>{t('filters.instock')}</span>
          <span className="facet-count">{facets?.in_stock}</span>
        </Link>
      </div>
      <PriceRange key={params.toString()} facets={facets} currency={currency} />
      {facets && facets.vendors.length > 0 && (
        <div className="filter-group">
          <h2>{t('filters.vendor')}</h2>
          <ul>
            {facets.vendors.map(({ value, count }) => (
              <li key={value}>
                <Link
                  className="facet"
                  to={changed(params, { vendor: vendor === value ? undefined : value }) || '?'}
                  aria-current={vendor === value ? 'true' : undefined}
                >
                  <span>{value}</span>
                  <span className="facet-count">{count}</span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
    </aside>
  )
}

function PriceRange({ facets, currency }: Pick<FiltersProps, 'facets' | 'currency'>) {
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const [fault, setFault] = useState(false)
  const bounds = facets?.price
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [from, to] = ['price_from', 'price_to'].map((name) => String(form.get(name) ?? '').trim())
    const bad = [from, to].some((text) => text && amountOf(text, currency) === undefined)
    setFault(bad)
    if (!bad) navigate(changed(params, { price_from: from || undefined, price_to: to || undefined }) || '?')
  }
  return (
    <form className="filter-group" onSubmit={submit} noValidate>
      <h2>{t('filters.price')}</h2>
      <div className="price-range">
        {(['price_from', 'price_to'] as const).map((name) => (
          <div className="field" key={name}>
            <label htmlFor={name}>{t(`filters.${name}`, { currency })}</label>
            <input
              className="input"
              id={name}
              name={name}
              inputMode="decimal"
              autoComplete="off"
              defaultValue={params.get(name) ?? ''}
              aria-invalid={fault || undefined}
              aria-describedby={fault ? 'price-fault' : undefined}
            />
          </div>
        ))}
      </div>
      {fault && (
        <p className="field-error" id="price-fault" role="alert">
          {t('filters.price.fault')}
        </p>
      )}
      {bounds && (
        <p className="field-hint">{t('filters.price.bounds', { min: money(bounds.min), max: money(bounds.max) })}</p>
      )}
      <Button type="submit" look="line" small className="mt-2">
        {t('filters.apply')}
      </Button>
    </form>
  )
}

export function Chips({ slug, currency }: Pick<FiltersProps, 'slug' | 'currency'>) {
  const shop = useShop()
  const [params] = useSearchParams()
  const chips: { key: string; text: string; to: string }[] = []
  if (!slug) {
    for (const one of params.getAll('category')) {
      const text = shop?.collections.find((collection) => collection.slug === one)?.name ?? one
      chips.push({ key: `category-${one}`, text, to: toggled(params, 'category', one) })
    }
  }
  const vendor = params.get('vendor')
  if (vendor) chips.push({ key: 'vendor', text: vendor, to: changed(params, { vendor: undefined }) || '?' })
  if (params.get('in_stock') === 'true') {
    chips.push({ key: 'stock', text: t('filters.instock'), to: changed(params, { in_stock: undefined }) || '?' })
  }
  for (const name of ['price_from', 'price_to'] as const) {
    const amount = amountOf(params.get(name), currency)
    if (amount === undefined) continue
    const text = t(`chip.${name}`, { price: money({ amount, currency }) })
    chips.push({ key: name, text, to: changed(params, { [name]: undefined }) || '?' })
  }
  if (chips.length === 0) return null
  const query = params.get('query')
  return (
    <div className="chips" role="group" aria-label={t('filters.chosen')}>
      {chips.map(({ key, text, to }) => (
        <Link key={key} className="chip" to={to} aria-label={t('filters.remove', { name: text })}>
          {text} <span aria-hidden="true">×</span>
        </Link>
      ))}
      <Link className="link small" to={query ? `?query=${encodeURIComponent(query)}` : '?'}>
        {t('filters.clear')}
      </Link>
    </div>
  )
}
