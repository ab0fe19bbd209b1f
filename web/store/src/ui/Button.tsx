import type { ButtonHTMLAttributes } from 'react'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'primary' | 'saffron' | 'line'
  small?: boolean
  wide?: boolean
  /** Shows that it works, and ignores further presses. It is never disabled, so it never loses the focus. */
  busy?: boolean
  /** Cannot be pressed now; the words say why. */
  off?: boolean
}

export function Button({ look = 'primary', small, wide, busy, off, onClick, className = '', ...rest }: ButtonProps) {
  const classes = ['btn', `btn-${look}`, small && 'btn-small', wide && 'btn-wide', className].filter(Boolean).join(' ')
  return (
    <button
      type="button"
      {...rest}
      className={classes}
      aria-busy={busy || undefined}
      aria-disabled={off || undefined}
      onClick={(event) => {
        if (busy || off) event.preventDefault()
        else onClick?.(event)
      }}
    />
  )
}
