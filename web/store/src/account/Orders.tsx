import { useInfiniteQuery, useQueries } from '@tanstack/react-query'
import { Link } from 'react-router'
import { api, unwrap } from '../api/client.ts'
import { useSession } from '../api/session.ts'
import { lookAt } from '../checkout/attempt.ts'
import { moment, money, type Money } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { knownOrders } from '../order/keys.ts'
import { Status } from '../order/Status.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed, useTitle } from '../ui/Page.tsx'

interface Row {
  id: string
  number: number
  status: string
  placed_at: string
  total: Money
}

export default function Orders() {
  useTitle(t('account.orders'))
  const { signedIn } = useSession()
  return (
    <>
      <h1>{t('account.orders')}</h1>
      {signedIn ? <Mine /> : <Guests />}
    </>
  )
}

function Mine() {
  const orders = useInfiniteQuery({
    queryKey: ['orders'],
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/v1/orders', { params: { query: pageParam ? { cursor: pageParam } : {} } })),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  if (orders.isError) return <Failed error={orders.error} retry={() => void orders.refetch()} />
  const rows = orders.data?.pages.flatMap(({ items }) => items as readonly Row[])
  return (
    <>
      <List rows={rows} />
      {orders.hasNextPage && (
        <Button look="line" small busy={orders.isFetchingNextPage} onClick={() => void orders.fetchNextPage()}>
          {t('list.more')}
        </Button>
      )}
    </>
  )
}

/** Somebody without an account sees the orders whose keys this browser has. */
function Guests() {
  const orders = useQueries({ queries: knownOrders().map((id) => ({ queryKey: ['order', id], queryFn: () => lookAt(id) })) })
  const rows = orders.flatMap(({ data }) => (data ? [{ ...data, total: data.totals.total }] : []))
  return (
    <>
      <p className="note">
        {t('orders.guest')} <Link to="/account/sign-in?next=/account/orders">{t('account.signin')}</Link>
      </p>
      <div className="mt-4">
        <List rows={orders.some(({ isLoading }) => isLoading) ? undefined : rows} />
      </div>
    </>
  )
}

function List({ rows }: { rows: readonly Row[] | undefined }) {
  if (!rows) return <div className="skeleton skeleton-block" />
  if (rows.length === 0) {
    return (
      <>
        <p className="empty">{t('orders.none')}</p>
        <Link className="btn btn-primary" to="/products">
          {t('cart.browse')}
        </Link>
      </>
    )
  }
  return (
    <ul className="rows">
      {rows.map(({ id, number, status, placed_at: at, total }) => (
        <li className="rows-item" key={id}>
          <div>
            <Link className="more" to={`/orders/${id}`}>
              {t('order.title', { number })}
            </Link>
            <p className="muted small">{moment(at)}</p>
          </div>
          <Status status={status} />
          <span>{money(total)}</span>
        </li>
      ))}
    </ul>
  )
}
