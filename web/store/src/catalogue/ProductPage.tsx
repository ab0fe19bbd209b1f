import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import { ApiProblem } from '../api/client.ts'
import { listQuery, useProduct, type Product, type Variant } from '../api/queries.ts'
import NotFound from '../app/NotFound.tsx'
import { cart, inCart, openDrawer, useCart } from '../cart/store.ts'
import { openChat } from '../chat/state.ts'
import { money } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { announce } from '../ui/Announcer.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed, Loading, useTitle } from '../ui/Page.tsx'
import { Price } from '../ui/Price.tsx'
import { Quantity } from '../ui/Quantity.tsx'
import { Card } from './Card.tsx'
import { Facts } from './Facts.tsx'
import { Gallery } from './Gallery.tsx'
import { choiceOf, standing, variantOf } from './variants.ts'

export default function ProductPage() {
  const { handle = '' } = useParams()
  const { data: product, error, isError, refetch } = useProduct(handle)
  useTitle(product?.title)
  if (product) return <Shown key={product.id} product={product} />
  if (error instanceof ApiProblem && error.status === 404) return <NotFound />
  if (isError) return <Failed error={error} retry={() => void refetch()} />
  return <Loading />
}

function Shown({ product }: { product: Product }) {
  const [params, setParams] = useSearchParams()
  const choice = choiceOf(product, params)
  const variant = variantOf(product, choice)
  const choose = (name: string, value: string) => {
    const next = new URLSearchParams(params)
    for (const [option, chosen] of Object.entries({ ...choice, [name]: value })) next.set(option, chosen)
    setParams(next, { replace: true, preventScrollReset: true })
  }
  return (
    <>
      <div className="wrap product">
        <Gallery images={product.images} wanted={Object.values(choice)} />
        <div className="product-info">
          <p className="product-vendor">
            <Link to={`/products?vendor=${encodeURIComponent(product.vendor)}`}>{product.vendor}</Link>
          </p>
          <h1>{product.title}</h1>
          {variant && (
            <p className="product-price">
              <Price price={variant.price} before={variant.compare_at_price} />
            </p>
          )}
          {product.options.map(({ name, values }) => (
            <fieldset className="option" key={name}>
              <legend>{name}</legend>
              <div className="option-values">
                {values.map((value) => {
                  const state = standing(product, choice, name, value)
                  return (
                    <label className="option-value" key={value} data-out={state === 'can' ? undefined : state}>
                      <input
                        type="radio"
                        name={name}
                        value={value}
                        checked={choice[name] === value}
                        onChange={() => choose(name, value)}
                      />
                      <span>
                        {value}
                        {state !== 'can' && (
                          <span className="sr-only"> ({state === 'out' ? t('stock.out') : t('option.none')})</span>
                        )}
                      </span>
                    </label>
                  )
                })}
              </div>
            </fieldset>
          ))}
          <Buy product={product} variant={variant} />
          <Facts product={product} variant={variant} />
          <p className="row mt-4">
            <Button
              look="line"
              small
              onClick={() => openChat({ kind: 'product', subject: product.id, title: product.title })}
            >
              {t('product.ask', { vendor: product.vendor })}
            </Button>
          </p>
          {/* Sanitised by the server when the product was written. */}
          <div className="prose" dangerouslySetInnerHTML={{ __html: product.description_html }} />
        </div>
      </div>
      <Related product={product} />
    </>
  )
}

function Buy({ product, variant }: { product: Product; variant: Variant | undefined }) {
  const [quantity, setQuantity] = useState(1)
  const has = inCart(useCart(), variant?.id)
  useStockNews(variant)
  if (!variant) {
    return (
      <div className="buy">
        <Button off wide aria-describedby="stock">
          {t('product.add')}
        </Button>
        <p className="stock stock-out" id="stock">
          {t('option.none')}
        </p>
      </div>
    )
  }
  const available = variant.available ?? undefined
  const left = available === undefined ? 999 : Math.max(0, available - has)
  const out = available === 0
  const add = () => {
    const wanted = Math.min(quantity, left)
    cart.change(variant.id, has + wanted, {
      product_id: product.id,
      title: product.variants.length > 1 ? `${product.title} - ${variant.title}` : product.title,
      unit_price: variant.price,
    })
    announce(t('cart.added', { name: product.title }))
    setQuantity(1)
    openDrawer(true)
  }
  return (
    <div className="buy">
      <div className="buy-row">
        {!out && left > 0 && (
          <Quantity label={product.title} value={Math.min(quantity, left)} max={Math.min(left, 999)} onChange={setQuantity} />
        )}
        <Button off={out || left === 0} onClick={add} aria-describedby="stock">
          {out ? t('stock.out') : t('product.add')}
        </Button>
      </div>
      <Stock available={available} has={has} left={left} />
    </div>
  )
}

const LOW = 5

function Stock({ available, has, left }: { available: number | undefined; has: number; left: number }) {
  let [look, text] = ['good', t('stock.in')]
  if (available === 0) [look, text] = ['out', t('stock.out.text')]
  else if (available !== undefined && left === 0) [look, text] = ['low', t('stock.all', { count: has })]
  else if (available !== undefined && available <= LOW) [look, text] = ['low', t('stock.low', { count: available })]
  return (
    <p className={`stock stock-${look}`} id="stock" data-available={available ?? 'any'}>
      {text}
    </p>
  )
}

/** Says what moved by itself while the page was open, and what another choice changed. */
function useStockNews(variant: Variant | undefined): void {
  const before = useRef(variant)
  useEffect(() => {
    const old = before.current
    before.current = variant
    if (!variant || !old || old === variant) return
    const price = money(variant.price)
    const stock =
      variant.available === 0
        ? t('stock.out.text')
        : variant.available != null && variant.available <= LOW
          ? t('stock.low', { count: variant.available })
          : t('stock.in')
    const moved = old.price.amount !== variant.price.amount || old.available !== variant.available
    if (old.id !== variant.id || (moved && (variant.available == null || variant.available <= LOW))) {
      announce(`${variant.title}: ${price}. ${stock}`)
    }
  }, [variant])
}

function Related({ product }: { product: Product }) {
  const category = product.categories[0]
  const { data } = useQuery({ ...listQuery({ category: category ? [category] : [], limit: 5, in_stock: true }), enabled: !!category })
  const others = data?.items.filter(({ id }) => id !== product.id).slice(0, 4) ?? []
  if (others.length === 0) return null
  return (
    <section className="wrap section" aria-labelledby="related">
      <div className="section-head">
        <h2 id="related">{t('product.related')}</h2>
      </div>
      <div className="grid">
        {others.map((other) => (
          <Card key={other.id} product={other} />
        ))}
      </div>
    </section>
  )
}
