// What the edge wrote into the document: the language, the shop, and what the first page shows.
import type { Schemas } from '@souk/client'

export type Shop = Schemas['ShopView']

export interface Begin {
  lang?: string
  shop?: Shop
  data?: {
    list?: Schemas['ProductList']
    product?: Schemas['ProductView']
    cart?: Schemas['CartView'] | null
    products?: Record<string, Schemas['ProductView']>
  }
}

function read(): Begin {
  const text = document.getElementById('souk-data')?.textContent
  return text ? (JSON.parse(text) as Begin) : {}
}

export const begin: Begin = read()
