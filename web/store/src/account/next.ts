import { useNavigate, useSearchParams } from 'react-router'

/** Back to where somebody was sent from; only within the store. */
export function useNext(): () => void {
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const asked = params.get('next') ?? '/account'
  const next = asked.startsWith('/') && !asked.startsWith('//') ? asked : '/account'
  return () => void navigate(next, { replace: true })
}
