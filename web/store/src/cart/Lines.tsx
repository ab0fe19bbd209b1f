import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { productQuery, useProduct } from '../api/queries.ts'
import { money } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { announce } from '../ui/Announcer.tsx'
import { Button } from '../ui/Button.tsx'
import { Quantity } from '../ui/Quantity.tsx'
import { cart, openDrawer, useCart } from './store.ts'
import { shownLines, type ShownLine } from './shown.ts'

/** What checkout found wrong with a line, by variant. */
export type LineFaults = Record<string, { available?: number; gone?: boolean; before?: string }>

export function Lines({ faults = {} }: { faults?: LineFaults }) {
  const { cart: current, wishes } = useCart()
  const lines = shownLines(current, wishes)
  return (
    <Grouped lines={lines}>
      {(line) => <LineRow key={line.variant_id} line={line} fault={faults[line.variant_id]} locked={current?.status === 'in_checkout'} />}
    </Grouped>
  )
}

/** By seller, with what each one's lines come to; one seller needs no heading. */
function Grouped({ lines, children }: { lines: ShownLine[]; children: (line: ShownLine) => React.ReactNode }) {
  const [vendors, setVendors] = useState<Record<string, string>>({})
  const learn = (product: string, vendor: string) =>
    setVendors((known) => (known[product] === vendor ? known : { ...known, [product]: vendor }))
  const groups = new Map<string, ShownLine[]>()
  for (const line of lines) {
    const vendor = vendors[line.product_id] ?? ''
    groups.set(vendor, [...(groups.get(vendor) ?? []), line])
  }
  return (
    <>
      {[...new Set(lines.map(({ product_id }) => product_id))].map((id) => (
        <Vendor key={id} product={id} learn={learn} />
      ))}
      {[...groups].map(([vendor, members]) => {
        const currency = members[0]!.total.currency
        const sum = members.reduce((total, line) => total + line.total.amount, 0)
        return (
          <section key={vendor} className="seller-group" aria-label={vendor || undefined}>
            {groups.size > 1 && vendor && (
              <p className="seller-head">
                <span>{t('cart.from', { vendor })}</span>
                <span>{money({ amount: sum, currency })}</span>
              </p>
            )}
            <ul className="lines">{members.map(children)}</ul>
          </section>
        )
      })}
    </>
  )
}

function Vendor({ product, learn }: { product: string; learn: (product: string, vendor: string) => void }) {
  const { data } = useQuery(productQuery(product))
  const vendor = data?.vendor
  if (vendor) queueMicrotask(() => learn(product, vendor))
  return null
}

function LineRow({ line, fault, locked }: { line: ShownLine; fault: LineFaults[string] | undefined; locked: boolean }) {
  const { data: product } = useProduct(line.product_id)
  const variant = product?.variants.find(({ id }) => id === line.variant_id)
  const available = fault?.gone ? 0 : (fault?.available ?? variant?.available ?? undefined)
  const image = product?.images[0]
  const about = { product_id: line.product_id, title: line.title, unit_price: line.unit_price }
  const set = (quantity: number) => cart.change(line.variant_id, quantity, about)
  const drop = () => {
    set(0)
    announce(t('cart.removed', { name: line.title }))
  }
  const short = !locked && available !== undefined && available < line.quantity
  const limit = !locked && !short && available !== undefined && available === line.quantity
  const moved = variant && variant.price.amount !== line.unit_price.amount
  return (
    <li className="line" data-line={line.variant_id}>
      <div className="line-media">{image && <img src={image.url} alt="" width={120} height={120} />}</div>
      <div className="line-main">
        <p className="line-title">
          <Link to={`/products/${product?.handle ?? line.product_id}`} onClick={() => openDrawer(false)}>
            {line.title}
          </Link>
        </p>
        <p className="line-unit">{money(line.unit_price)}</p>
        {!locked && (
          <div className="line-tools">
            <Quantity label={line.title} value={line.quantity} max={Math.min(999, available ?? 999)} onChange={set} />
            <button type="button" className="link small" onClick={drop}>
              {t('cart.remove')}
              <span className="sr-only"> {line.title}</span>
            </button>
          </div>
        )}
      </div>
      <p className="line-total">{money(line.total)}</p>
      {short && (
        <div className="line-note note note-bad" role="alert">
          <span>{available === 0 ? t('cart.soldout') : t('cart.only', { count: available })}</span>
          {available > 0 && (
            <Button look="line" small onClick={() => set(available)}>
              {t('cart.take', { count: available })}
            </Button>
          )}
          <Button look="line" small onClick={drop}>
            {t('cart.remove')}
          </Button>
        </div>
      )}
      {limit && <p className="line-note small muted">{t('cart.limit', { count: available })}</p>}
      {!locked && (fault?.before || moved) && (
        <p className="line-note note note-warn">
          {t('cart.moved', {
            before: fault?.before ?? money(line.unit_price),
            now: money(variant?.price ?? line.unit_price),
          })}
        </p>
      )}
    </li>
  )
}
