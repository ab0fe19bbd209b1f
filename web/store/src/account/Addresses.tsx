import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, unwrap } from '../api/client.ts'
import { useShop } from '../api/queries.ts'
import { country } from '../catalogue/delivery.ts'
import { addressBody, AddressFields, addressPointers, AddressText, checkAddress, emptyAddress, type AddressField, type AddressValues } from '../checkout/AddressFields.tsx'
import { t } from '../i18n/index.ts'
import { announce } from '../ui/Announcer.tsx'
import { Button } from '../ui/Button.tsx'
import { problemText, useForm } from '../ui/form.tsx'
import { Failed, useTitle } from '../ui/Page.tsx'

export default function Addresses() {
  useTitle(t('account.addresses'))
  const client = useQueryClient()
  const [editing, setEditing] = useState<string>()
  const [fault, setFault] = useState<string>()
  const list = useQuery({ queryKey: ['addresses'], queryFn: () => unwrap(api.GET('/api/v1/accounts/me/addresses')) })
  if (list.isError) return <Failed error={list.error} retry={() => void list.refetch()} />
  const refresh = () => client.invalidateQueries({ queryKey: ['addresses'] })
  const act = (call: Promise<unknown>) =>
    void call.then(refresh, (error: unknown) => setFault(problemText(error)))
  const done = () => {
    setEditing(undefined)
    announce(t('saved'))
    void refresh()
  }
  return (
    <>
      <h1>{t('account.addresses')}</h1>
      {fault && (
        <p className="note note-bad" role="alert">
          {fault}
        </p>
      )}
      <ul className="rows">
        {list.data?.items.map(({ id, address, default: isDefault }) => (
          <li className="rows-item" key={id}>
            {editing === id ? (
              <AddressForm id={id} start={{ ...emptyAddress, ...Object.fromEntries(Object.entries(address).filter(([, value]) => value)) }} onDone={done} />
            ) : (
              <>
                <p>
                  <AddressText address={address} /> {isDefault && <span className="status status-good">{t('address.default')}</span>}
                </p>
                <div className="row">
                  <button type="button" className="link small" onClick={() => setEditing(id)}>
                    {t('change')}
                  </button>
                  {!isDefault && (
                    <button
                      type="button"
                      className="link small"
                      onClick={() => act(unwrap(api.PATCH('/api/v1/accounts/me/addresses/{id}', { params: { path: { id } }, body: { default: true } })))}
                    >
                      {t('address.makedefault')}
                    </button>
                  )}
                  <button
                    type="button"
                    className="link small"
                    onClick={() => act(unwrap(api.DELETE('/api/v1/accounts/me/addresses/{id}', { params: { path: { id } } })))}
                  >
                    {t('cart.remove')}
                  </button>
                </div>
              </>
            )}
          </li>
        ))}
      </ul>
      {editing === 'new' ? (
        <div className="panel mt-4">
          <AddressForm onDone={done} />
        </div>
      ) : (
        <Button className="mt-4" look="line" small onClick={() => setEditing('new')}>
          {t('address.add')}
        </Button>
      )}
    </>
  )
}

function AddressForm({ id, start, onDone }: { id?: string; start?: AddressValues; onDone: () => void }) {
  const shop = useShop()
  const [values, setValues] = useState<AddressValues>(start ?? { ...emptyAddress, country: shop ? country(shop) : 'US' })
  const form = useForm<AddressField>({
    values,
    check: checkAddress,
    pointers: addressPointers,
    onSubmit: async (sent) => {
      const address = addressBody(sent)
      if (id) await unwrap(api.PATCH('/api/v1/accounts/me/addresses/{id}', { params: { path: { id } }, body: { address } }))
      else await unwrap(api.POST('/api/v1/accounts/me/addresses', { body: { address } }))
      onDone()
    },
  })
  return (
    <form className="form w-full" noValidate onSubmit={form.submit}>
      {form.summary}
      <AddressFields
        values={values}
        field={form.field}
        onChange={(name, value) => {
          const next = { ...values, [name]: value }
          form.recheck(next)
          setValues(next)
        }}
      />
      <div className="row">
        <Button type="submit" busy={form.busy}>
          {t('save')}
        </Button>
        <Button look="line" onClick={onDone}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  )
}
