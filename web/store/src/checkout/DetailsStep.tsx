import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, unwrap } from '../api/client.ts'
import { useShop } from '../api/queries.ts'
import { useSession } from '../api/session.ts'
import { cart, useCart } from '../cart/store.ts'
import { country } from '../catalogue/delivery.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'
import { checkEmail, EmailField, Select, useForm } from '../ui/form.tsx'
import { addressBody, AddressFields, addressPointers, checkAddress, emptyAddress, type AddressValues } from './AddressFields.tsx'
import type { DetailField, Details } from './draft.ts'

interface DetailsStepProps {
  kept: Partial<Details> | undefined
  keep: (details: Details) => void
  onDone: () => void
}

export function DetailsStep({ kept, keep, onDone }: DetailsStepProps) {
  const shop = useShop()
  const { account, signedIn } = useSession()
  const { cart: current } = useCart()
  const [values, setValues] = useState<Details>(() => {
    const known = current?.shipping_address
    const address = known && Object.fromEntries(Object.entries(known).filter(([, value]) => value))
    const start = { ...emptyAddress, country: shop ? country(shop) : 'US', email: '', ...address }
    const email = current?.email ?? (signedIn ? (account as { email?: string }).email : '') ?? ''
    return { ...start, email, ...kept } as Details
  })
  const form = useForm<DetailField>({
    values,
    check: (next) => ({ email: checkEmail(next.email), ...checkAddress(next) }),
    pointers: { '/email': 'email', ...addressPointers },
    onSubmit: async (sent) => {
      await cart.patch({ email: sent.email.trim(), shipping_address: addressBody(sent) })
      onDone()
    },
  })
  const change = (name: DetailField, value: string) => {
    const next = { ...values, [name]: value }
    form.recheck(next)
    setValues(next)
    keep(next)
  }
  return (
    <form className="form" noValidate onSubmit={form.submit}>
      {form.summary}
      <EmailField
        {...form.field('email')}
        label={t('address.email')}
        hint={t('address.email.hint')}
        name="email"
        value={values.email}
        onChange={(event) => change('email', event.target.value)}
      />
      {signedIn && <SavedAddresses onPick={(address) => setValues((old) => ({ ...old, ...address }))} />}
      <AddressFields values={values} field={form.field} onChange={change} />
      <Button type="submit" busy={form.busy}>
        {t('checkout.todelivery')}
      </Button>
    </form>
  )
}

interface Saved {
  id: string
  address: AddressValues
  default: boolean
}

function SavedAddresses({ onPick }: { onPick: (address: AddressValues) => void }) {
  const { data } = useQuery({
    queryKey: ['addresses'],
    queryFn: async () => (await unwrap(api.GET('/api/v1/accounts/me/addresses'))) as unknown as { items: Saved[] },
  })
  if (!data || data.items.length === 0) return null
  return (
    <Select
      id="saved-address"
      label={t('address.saved')}
      error={undefined}
      defaultValue=""
      onChange={(event) => {
        const saved = data.items.find(({ id }) => id === event.target.value)
        if (saved) onPick({ ...emptyAddress, ...Object.fromEntries(Object.entries(saved.address).filter(([, value]) => value)) })
      }}
    >
      <option value="">{t('address.choose')}</option>
      {data.items.map(({ id, address }) => (
        <option key={id} value={id}>
          {address.name}, {address.line1}, {address.city}
        </option>
      ))}
    </Select>
  )
}
