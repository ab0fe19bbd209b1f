import { tr } from '../i18n/index.ts'

const LOOKS: Record<string, string> = {
  confirmed: 'good', fulfilled: 'good', awaiting_payment: 'warn', cancelled: 'bad', expired: 'bad', out_of_stock: 'bad',
}

export function Status({ status }: { status: string }) {
  return (
    <span className={`status status-${LOOKS[status] ?? 'plain'}`} data-status={status}>
      {tr(`order.status.${status}`, status)}
    </span>
  )
}
