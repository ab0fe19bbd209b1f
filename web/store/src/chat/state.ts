// Which room is open in the dock.
import { useSyncExternalStore } from 'react'

export type RoomKind = 'product' | 'order' | 'support'

export interface RoomWanted {
  kind: RoomKind
  subject?: string
  title: string
  /** Known already, from the inbox. */
  id?: string
}

interface ChatState {
  room: RoomWanted | undefined
  /** It was opened once, so its code is there. */
  used: boolean
}

let state: ChatState = { room: undefined, used: false }
const listeners = new Set<() => void>()

export function openChat(room: RoomWanted | undefined): void {
  state = { room, used: state.used || room !== undefined }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useChat = () => useSyncExternalStore(subscribe, () => state)
