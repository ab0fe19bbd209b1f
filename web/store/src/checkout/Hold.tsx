import { useEffect, useState } from 'react'
import { t } from '../i18n/index.ts'
import { announce } from '../ui/Announcer.tsx'
import { Icon } from '../ui/Icon.tsx'

/** How long the items are kept. Said aloud at each of the last five minutes, not every second. */
export function Hold({ until, onOver }: { until: string; onOver: () => void }) {
  const end = Date.parse(until)
  const [left, setLeft] = useState(() => Math.max(0, Math.ceil((end - Date.now()) / 1000)))
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000))), 1000)
    return () => clearInterval(timer)
  }, [end])
  const minutes = Math.ceil(left / 60)
  useEffect(() => {
    if (minutes <= 5 && minutes > 0) announce(t('hold.minutes', { count: minutes }))
  }, [minutes])
  useEffect(() => {
    if (left === 0) onOver()
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [left === 0])
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
  return (
    <p className={`note hold ${left < 120 ? 'note-warn' : ''}`} role="timer" aria-live="off">
      <Icon name="clock" />
      {left > 0 ? t('hold.left', { time: clock }) : t('hold.over')}
    </p>
  )
}
