import type { RouteObject } from 'react-router'
import { Layout } from './Layout.tsx'
import { Crashed } from './Crashed.tsx'
import { page } from './load.ts'
import NotFound from './NotFound.tsx'

/** The pages of the account, by the last part of their path. */
const account: RouteObject[] = [
  { path: 'sign-in', lazy: page(() => import('../account/SignIn.tsx')) },
  { path: 'register', lazy: page(() => import('../account/Register.tsx')) },
  { path: 'forgot', lazy: page(() => import('../account/Forgot.tsx')) },
  { path: 'reset', lazy: page(() => import('../account/Reset.tsx')) },
  { path: 'confirm', lazy: page(() => import('../account/ConfirmEmail.tsx')) },
  { path: 'email', lazy: page(() => import('../account/ConfirmNewEmail.tsx')) },
  {
    lazy: page(() => import('../account/Frame.tsx')),
    children: [
      { index: true, lazy: page(() => import('../account/Profile.tsx')) },
      { path: 'orders', lazy: page(() => import('../account/Orders.tsx')) },
      { path: 'addresses', lazy: page(() => import('../account/Addresses.tsx')) },
      { path: 'inbox', lazy: page(() => import('../account/Inbox.tsx')) },
      { path: 'security', lazy: page(() => import('../account/Security.tsx')) },
      { path: 'sessions', lazy: page(() => import('../account/Sessions.tsx')) },
    ],
  },
]

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
          { path: 'account', children: account },
          { path: 'delivery', lazy: page(() => import('../pages/Delivery.tsx')) },
          { path: 'returns', lazy: page(() => import('../pages/Returns.tsx')) },
          { path: 'help', lazy: page(() => import('../pages/Help.tsx')) },
          { path: '*', Component: NotFound },
        ],
      },
    ],
  },
]
