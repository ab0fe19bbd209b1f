// An address, shaped by its country: the order of code and city, a region only where there is one.
import { useMemo, useState, type ReactNode } from 'react'
import { useShop } from '../api/queries.ts'
import { shippable } from '../catalogue/delivery.ts'
import { codeFirst, countries, needsRegion } from '../i18n/countries.ts'
import { countryName } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { Field, Select, type Faults } from '../ui/form.tsx'

export type AddressField = 'name' | 'line1' | 'line2' | 'postal_code' | 'city' | 'region' | 'country' | 'phone'
export type AddressValues = Record<AddressField, string>

export const emptyAddress: AddressValues = {
  name: '', line1: '', line2: '', postal_code: '', city: '', region: '', country: '', phone: '',
}

interface AddressFieldsProps {
  values: AddressValues
  field: (name: AddressField) => { id: string; error: string | undefined }
  onChange: (name: AddressField, value: string) => void
}

export function AddressFields({ values, field, onChange }: AddressFieldsProps) {
  const shop = useShop()
  const list = useMemo(() => countries(shop && shippable(shop)), [shop])
  const [more, setMore] = useState(Boolean(values.line2 || values.phone))
  const input = (name: AddressField, label: string, autoComplete: string, rest: { inputMode?: 'tel'; type?: string } = {}) => (
    <Field
      key={name}
      {...field(name)}
      {...rest}
      label={label}
      name={name}
      autoComplete={autoComplete}
      value={values[name]}
      onChange={(event) => onChange(name, event.target.value)}
    />
  )
  const code = input('postal_code', t('address.postal_code'), 'shipping postal-code')
  const city = input('city', t('address.city'), 'shipping address-level2')
  const region: ReactNode = needsRegion(values.country) && input('region', t('address.region'), 'shipping address-level1')
  return (
    <>
      {input('name', t('address.name'), 'shipping name')}
      <Select
        {...field('country')}
        label={t('address.country')}
        name="country"
        autoComplete="shipping country"
        value={values.country}
        onChange={(event) => onChange('country', event.target.value)}
      >
        {list.map(({ code: one, name }) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </Select>
      {input('line1', t('address.line1'), 'shipping address-line1')}
      {more && input('line2', t('address.line2'), 'shipping address-line2')}
      <div className="form-row">{codeFirst(values.country) ? [code, city] : [city, code]}</div>
      {region}
      {more ? (
        input('phone', t('address.phone'), 'shipping tel', { type: 'tel', inputMode: 'tel' })
      ) : (
        <button type="button" className="link small justify-self-start" onClick={() => setMore(true)}>
          {t('address.more')}
        </button>
      )}
    </>
  )
}

export function checkAddress(values: AddressValues): Faults<AddressField> {
  const faults: Faults<AddressField> = {}
  const needed: AddressField[] = ['name', 'country', 'line1', 'postal_code', 'city']
  if (values.country === 'US') needed.push('region')
  for (const name of needed) if (!values[name].trim()) faults[name] = t(`fault.field.${name as 'name'}`)
  return faults
}

/** As the API takes it: blanks gone, what is empty left out. */
export function addressBody(values: AddressValues) {
  const text = (name: AddressField) => values[name].trim().replace(/\s+/g, ' ')
  return {
    name: text('name'),
    line1: text('line1'),
    line2: text('line2') || null,
    city: text('city'),
    region: (needsRegion(values.country) && text('region')) || null,
    postal_code: text('postal_code'),
    country: values.country,
    phone: text('phone') || null,
  }
}

export const addressPointers: Record<string, AddressField> = Object.fromEntries(
  (Object.keys(emptyAddress) as AddressField[]).flatMap((name) => [
    [`/shipping_address/${name}`, name],
    [`/address/${name}`, name],
    [`/${name}`, name],
  ]),
)

export function AddressText({ address }: { address: { name: string; line1: string; line2?: string | null; postal_code: string; city: string; region?: string | null; country: string } }) {
  const { name, line1, line2, postal_code: code, city, region, country } = address
  return <>{[name, line1, line2, codeFirst(country) ? `${code} ${city}` : `${city}${region ? `, ${region}` : ''} ${code}`, countryName(country)].filter(Boolean).join(', ')}</>
}
