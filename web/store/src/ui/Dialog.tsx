// The browser's own modal dialog: the page behind is inert, focus stays inside, Escape closes, focus returns.
import { useEffect, useRef, type ReactNode } from 'react'
import { t } from '../i18n/index.ts'
import { Icon } from './Icon.tsx'

interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  kind?: 'drawer' | 'modal'
  foot?: ReactNode
  children: ReactNode
}

export function Dialog({ open, onClose, title, kind = 'modal', foot, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const opener = useRef<Element | null>(null)
  useEffect(() => {
    const element = dialog.current
    if (!element || element.open === open) return
    if (open) {
      opener.current = document.activeElement
      element.showModal()
      document.documentElement.style.overflow = 'hidden'
    } else {
      element.close()
      document.documentElement.style.overflow = ''
      if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus()
    }
  }, [open])
  useEffect(() => () => void (document.documentElement.style.overflow = ''), [])
  return (
    // The click is on the backdrop; the keyboard has Escape and the button.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      className={kind}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      {open && (
        <>
          <div className={kind === 'drawer' ? 'drawer-head' : 'panel-head'}>
            <h2>{title}</h2>
            <button type="button" className="tool" onClick={onClose} aria-label={t('close')}>
              <Icon name="close" />
            </button>
          </div>
          <div className={kind === 'drawer' ? 'drawer-body' : 'panel-body'}>{children}</div>
          {foot && <div className="drawer-foot">{foot}</div>}
        </>
      )}
    </dialog>
  )
}
