import { useEffect, useState } from 'react'
import { t } from '../i18n/index.ts'

interface QuantityProps {
  label: string
  value: number
  max: number
  onChange: (value: number) => void
}

/** A number with its buttons. The limit is said by whoever shows it; here it only holds. */
export function Quantity({ label, value, max, onChange }: QuantityProps) {
  const [text, setText] = useState(String(value))
  useEffect(() => setText(String(value)), [value])
  const set = (wanted: number) => {
    const next = Math.min(Math.max(1, wanted), Math.max(1, max))
    setText(String(next))
    if (next !== value) onChange(next)
  }
  return (
    <div className="qty" role="group" aria-label={t('qty.of', { name: label })}>
      <button type="button" aria-disabled={value <= 1 || undefined} aria-label={t('qty.less')} onClick={() => set(value - 1)}>
        −
      </button>
      <input
        aria-label={t('qty.label')}
        inputMode="numeric"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value.replace(/\D/g, '').slice(0, 3))}
        onBlur={() => set(Number(text) || value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') set(Number(text) || value)
          if (event.key === 'ArrowUp') set(value + 1)
          if (event.key === 'ArrowDown') set(value - 1)
        }}
      />
      <button type="button" aria-disabled={value >= max || undefined} aria-label={t('qty.more')} onClick={() => set(value + 1)}>
        +
      </button>
    </div>
  )
}
