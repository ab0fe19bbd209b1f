import type { RouteObject } from 'react-router'
import { Layout } from './Layout.tsx'
import { Crashed } from './Crashed.tsx'

/** Each page is a chunk of its own; the edge preloads the one that its document shows. */
const page = (load: () => Promise<{ default: React.ComponentType }>) => async () => ({ Component: (await load()).default })

export const routes: RouteObject[] = [
  {
    Component: Layout,
    ErrorBoundary: Crashed,
    HydrateFallback: () => null,
    children: [
      {
        ErrorBoundary: Crashed,
        children: [
          { index: true, lazy: page(() => import('../catalogue/Home.tsx')) },
          { path: 'products', lazy: page(() => import('../catalogue/Listing.tsx')) },
          { path: 'collections/:slug', lazy: page(() => import('../catalogue/Listing.tsx')) },
          { path: 'products/:handle', lazy: page(() => import('../catalogue/ProductPage.tsx')) },
          { path: 'cart', lazy: page(() => import('../cart/CartPage.tsx')) },
          { path: 'checkout/:step?', lazy: page(() => import('../checkout/CheckoutPage.tsx')) },
          { path: 'orders/:id', lazy: page(() => import('../order/OrderPage.tsx')) },
          { path: 'account/*', lazy: page(() => import('../account/AccountPages.tsx')) },
          { path: 'delivery', lazy: page(() => import('../pages/Delivery.tsx')) },
          { path: 'returns', lazy: page(() => import('../pages/Returns.tsx')) },
          { path: 'help', lazy: page(() => import('../pages/Help.tsx')) },
          { path: '*', lazy: page(() => import('./NotFound.tsx')) },
        ],
      },
    ],
  },
]
