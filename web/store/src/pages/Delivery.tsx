import { useShop } from '../api/queries.ts'
import { arrival, cost } from '../catalogue/delivery.ts'
import { countryName } from '../i18n/format.ts'
import { t } from '../i18n/index.ts'
import { Loading, useTitle } from '../ui/Page.tsx'

export default function Delivery() {
  useTitle(t('footer.delivery'))
  const shop = useShop()
  if (!shop) return <Loading title={t('footer.delivery')} />
  return (
    <div className="page-narrow">
      <h1>{t('footer.delivery')}</h1>
      <p className="muted">{t('delivery.lead')}</p>
      {shop.shipping_zones.map(({ name, countries, options }) => (
        <section key={name} className="panel mt-4">
          <h2>{name}</h2>
          {countries && countries.length < 12 && <p className="muted">{countries.map(countryName).join(', ')}</p>}
          <div className="table-wrap">
            <table className="plain-table mt-2">
              <caption className="sr-only">{name}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('delivery.way')}</th>
                  <th scope="col">{t('delivery.cost')}</th>
                  <th scope="col">{t('delivery.today')}</th>
                </tr>
              </thead>
              <tbody>
                {options.map((option) => (
                  <tr key={option.id}>
                    <td>{option.name}</td>
                    <td>{cost(option)}</td>
                    <td>{arrival(option) ?? ''}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      ))}
    </div>
  )
}
