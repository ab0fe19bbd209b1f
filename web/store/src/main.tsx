import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createBrowserRouter } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import './styles/index.css'
import { queryClient } from './api/queries.ts'
import { resume } from './api/session.ts'
import { cart } from './cart/store.ts'
import { seedPage } from './app/seed.ts'
import { routes } from './app/routes.tsx'
import { loadMessages } from './i18n/index.ts'

// The document stays as the edge drew it until everything that the same page needs is there: then the app takes its
// place in one frame.
seedPage()
cart.start()
resume()
await loadMessages()
const router = createBrowserRouter(routes)
await new Promise<void>((ready) => {
  if (router.state.initialized) return ready()
  const stop = router.subscribe((state) => {
    if (!state.initialized) return
    stop()
    ready()
  })
})
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
