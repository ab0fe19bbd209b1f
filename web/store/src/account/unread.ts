import { useQuery } from '@tanstack/react-query'
import { api, unwrap } from '../api/client.ts'
import { useSession } from '../api/session.ts'

export function useRooms() {
  const { signedIn } = useSession()
  return useQuery({
    queryKey: ['rooms'],
    queryFn: () => unwrap(api.GET('/api/v1/rooms')),
    enabled: signedIn,
    refetchInterval: 30_000,
  })
}

export function useUnread(): number {
  return useRooms().data?.items.reduce((sum, { unread }) => sum + unread, 0) ?? 0
}
