import { keepPreviousData, QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { begin, type Shop } from '../app/boot.ts'
import { ApiProblem, api, unwrap, type Schemas } from './client.ts'
import { useTopic } from './live.ts'
import { reachability } from './reachability.ts'

export type Product = Schemas['ProductView']
export type Variant = Schemas['VariantView']
export type Summary = Schemas['ProductSummary']
export type ProductList = Schemas['ProductList']

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // The page knows itself whether the server is there, and asks again when it is back.
      networkMode: 'always',
      retry: (count, error) => (error instanceof ApiProblem ? error.isTemporary && count < 3 : count < 1),
      refetchOnWindowFocus: true,
    },
  },
})

reachability.subscribe(() => {
  if (reachability.reach === 'ok') void queryClient.invalidateQueries({ predicate: ({ state }) => state.status === 'error' })
})

export const shopQuery = queryOptions<Shop>({
  queryKey: ['shop'],
  queryFn: () => unwrap(api.GET('/api/v1/shop')),
  staleTime: 300_000,
  initialData: begin.shop,
})

export function useShop(): Shop | undefined {
  return useQuery(shopQuery).data
}

export interface ListQuestion {
  query?: string
  category?: string[]
  vendor?: string
  min_price?: number
  max_price?: number
  in_stock?: boolean
  sort?: 'relevance' | 'price' | '-price' | 'newest' | 'title'
  cursor?: string
  limit?: number
}

export function listQuery(question: ListQuestion) {
  return queryOptions<ProductList>({
    queryKey: ['products', question],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/products', { params: { query: question as never }, signal })),
    placeholderData: keepPreviousData,
  })
}

export function productQuery(name: string) {
  return queryOptions<Product>({
    queryKey: ['product', name],
    queryFn: () => unwrap(api.GET('/api/v1/products/{id}', { params: { path: { id: name } } })),
  })
}

/** A product whose price and stock move by themselves. */
export function useProduct(name: string) {
  const client = useQueryClient()
  const result = useQuery(productQuery(name))
  const product = result.data
  useTopic(product && `product:${product.id}`, {
    onState: (state) => {
      const newest = state as Product
      client.setQueryData<Product>(['product', name], (old) => (old && old.seq >= newest.seq ? old : newest))
    },
  })
  return result
}

/** What the document brought along, under the question that it answers. */
export function seed(key: readonly unknown[], data: unknown): void {
  if (data != null) queryClient.setQueryData(key, data)
}
