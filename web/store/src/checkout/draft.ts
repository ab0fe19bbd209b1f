// What was typed, kept until the order is placed. Never anything of a card.
import { useCallback, useState } from 'react'
import { read, remove, write } from '../app/stored.ts'

export type DetailField =
  | 'email'
  | 'name'
  | 'line1'
  | 'line2'
  | 'postal_code'
  | 'city'
  | 'region'
  | 'country'
  | 'phone'

export type Details = Record<DetailField, string>

interface Draft {
  details?: Partial<Details>
  guest?: boolean
}

const DRAFT = 'souk.checkout.draft'

export function useDraft() {
  const [draft, setDraft] = useState<Draft>(() => read<Draft>(DRAFT) ?? {})
  const keep = useCallback((change: Draft) => {
    const next = { ...read<Draft>(DRAFT), ...change }
    write(DRAFT, next)
    setDraft(next)
  }, [])
  return { draft, keep }
}

export const forgetDraft = () => remove(DRAFT)
