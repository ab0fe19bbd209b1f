import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { ApiProblem, api, unwrap } from '../api/client.ts'
import { useTopic } from '../api/live.ts'
import { productQuery } from '../api/queries.ts'
import { useSession } from '../api/session.ts'
import NotFound from '../app/NotFound.tsx'
import { cart, openDrawer } from '../cart/store.ts'
import { Totals } from '../cart/Totals.tsx'
import { openChat } from '../chat/state.ts'
import { cancel, lookAt, withKey, type Order } from '../checkout/attempt.ts'
import { AddressText } from '../checkout/AddressFields.tsx'
import { moment, money } from '../i18n/format.ts'
import { t, tr } from '../i18n/index.ts'
import { announce } from '../ui/Announcer.tsx'
import { Button } from '../ui/Button.tsx'
import { problemText } from '../ui/form.tsx'
import { Failed, Loading, useTitle } from '../ui/Page.tsx'
import { keepKey, keyOf } from './keys.ts'
import { Status } from './Status.tsx'

export default function OrderPage() {
  const { id = '' } = useParams()
  const [params, setParams] = useSearchParams()
  const key = params.get('key')
  useEffect(() => {
    // From a mail: the key is kept, and leaves the address bar.
    if (!key) return
    keepKey(id, key)
    setParams({}, { replace: true })
  }, [id, key, setParams])
  const { pending } = useSession()
  const client = useQueryClient()
  const order = useQuery({ queryKey: ['order', id], queryFn: () => lookAt(id), enabled: !key && !pending })
  const timeline = useQuery({
    queryKey: ['order', id, 'timeline'],
    queryFn: () => unwrap(api.GET('/api/v1/orders/{id}/timeline', { params: { path: { id }, ...withKey(id) } })),
    enabled: order.isSuccess,
  })
  useTopic(order.data && `order:${id}`, {
    key: keyOf(id),
    onEntry: () => void client.invalidateQueries({ queryKey: ['order', id] }),
    onFollowing: () => void client.invalidateQueries({ queryKey: ['order', id] }),
  })
  const { data, error } = order
  useTitle(data && t('order.title', { number: data.number }))
  const entries = timeline.data?.items
  const newest = entries?.at(-1)
  useEffect(() => {
    if (newest) announce(titleOf(newest))
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [newest?.at, newest?.type])

  if (error instanceof ApiProblem && error.status === 404) return <NotFound />
  if (order.isError && !data) {
    return <Failed error={error} retry={() => void order.refetch()} />
  }
  if (!data) return <Loading />
  return (
    <div className="wrap page">
      <div className="order-hero">
        <h1>{heading(data)}</h1>
        <p>{t(`order.lead.${leadOf(data)}`, { email: data.email, number: data.number })}</p>
      </div>
      <div className="order-grid">
        <div>
          <section className="panel" aria-labelledby="timeline">
            <div className="panel-head">
              <h2 id="timeline">{t('order.timeline')}</h2>
              <Status status={data.status} />
            </div>
            <ol className="timeline" aria-live="polite">
              {entries?.map((entry) => (
                <li key={`${entry.at} ${entry.type}`}>
                  {titleOf(entry)}
                  <time dateTime={entry.at}>{moment(entry.at)}</time>
                </li>
              ))}
            </ol>
          </section>
          <Actions order={data} />
          <AccountOffer order={data} />
        </div>
        <aside className="summary" aria-label={t('summary.title')}>
          <h2>{t('order.title', { number: data.number })}</h2>
          <ul className="lines">
            {data.lines.map((line) => (
              <OrderLine key={line.variant_id} line={line} />
            ))}
          </ul>
          <Totals totals={data.totals} discounts={data.discounts} />
          {data.refunded.amount > 0 && (
            <p className="note note-good">{t('order.refunded', { amount: money(data.refunded) })}</p>
          )}
          <div>
            <h3 className="text-base">{t('order.to')}</h3>
            <p className="muted">
              <AddressText address={data.shipping_address} />
            </p>
          </div>
        </aside>
      </div>
    </div>
  )
}

const titleOf = ({ type, title }: { type: string; title: string }) => tr(`timeline.${type}`, title)

function heading(order: Order): string {
  if (order.status === 'confirmed') return t('order.thanks')
  return tr(`order.status.${order.status}`, order.status)
}

function leadOf(order: Order): 'confirmed' | 'waiting' | 'ended' {
  if (order.status === 'confirmed') return 'confirmed'
  return order.status === 'awaiting_payment' ? 'waiting' : 'ended'
}

function OrderLine({ line }: { line: Order['lines'][number] }) {
  const { data: product } = useQuery(productQuery(line.product_id))
  const image = product?.images[0]
  return (
    <li className="line">
      <div className="line-media">{image && <img src={image.url} alt="" width={120} height={120} loading="lazy" />}</div>
      <div>
        <p className="line-title">
          <Link to={`/products/${product?.handle ?? line.product_id}`}>{line.title}</Link>
        </p>
        <p className="line-unit">
          {line.quantity} × {money(line.unit_price)}
        </p>
      </div>
      <p className="line-total">{money(line.total)}</p>
    </li>
  )
}

function Actions({ order }: { order: Order }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [fault, setFault] = useState<string>()
  const [busy, setBusy] = useState(false)
  const open = order.status === 'awaiting_payment'
  const stop = async () => {
    setBusy(true)
    try {
      client.setQueryData(['order', order.id], await cancel(order))
      await client.invalidateQueries({ queryKey: ['order', order.id] })
      await cart.reload()
    } catch (error) {
      setFault(problemText(error))
    } finally {
      setBusy(false)
    }
  }
  const again = () => {
    for (const { variant_id: variant, product_id, title, quantity, unit_price } of order.lines) {
      cart.change(variant, quantity, { product_id, title, unit_price })
    }
    openDrawer(true)
  }
  return (
    <section className="panel" aria-labelledby="next">
      <h2 id="next">{t('order.next')}</h2>
      {fault && (
        <p className="note note-bad panel-body" role="alert">
          {fault}
        </p>
      )}
      <div className="row panel-body">
        {open && <Button onClick={() => navigate('/checkout/payment')}>{t('order.pay')}</Button>}
        <Button
          look="line"
          small
          onClick={() => openChat({ kind: 'order', subject: order.id, title: t('order.title', { number: order.number }) })}
        >
          {t('order.ask')}
        </Button>
        {!open && (
          <Button look="line" small onClick={again}>
            {t('order.again')}
          </Button>
        )}
        {open && (
          <Button look="line" small busy={busy} onClick={() => void stop()}>
            {t('order.cancel')}
          </Button>
        )}
      </div>
    </section>
  )
}

/** Only now, and only as an offer. */
function AccountOffer({ order }: { order: Order }) {
  const { signedIn } = useSession()
  if (signedIn || order.status !== 'confirmed') return null
  return (
    <section className="panel" aria-labelledby="offer">
      <h2 id="offer">{t('order.offer')}</h2>
      <p className="muted">{t('order.offer.text')}</p>
      <Link className="btn btn-line btn-small mt-4" to={`/account/register?email=${encodeURIComponent(order.email)}`}>
        {t('account.register')}
      </Link>
    </section>
  )
}
