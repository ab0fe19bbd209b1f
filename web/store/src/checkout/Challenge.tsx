import { useState } from 'react'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'

interface ChallengeProps {
  open: boolean
  amount: string
  onAnswer: (outcome: 'pass' | 'fail') => Promise<void>
}

/** What a bank's own page would be: the sandbox asks here. */
export function Challenge({ open, amount, onAnswer }: ChallengeProps) {
  const [busy, setBusy] = useState(false)
  const answer = async (outcome: 'pass' | 'fail') => {
    setBusy(true)
    await onAnswer(outcome).finally(() => setBusy(false))
  }
  return (
    <Dialog open={open} onClose={() => void answer('fail')} title={t('challenge.title')}>
      <p>{t('challenge.text', { amount })}</p>
      <div className="row mt-4">
        <Button busy={busy} onClick={() => void answer('pass')}>
          {t('challenge.pass')}
        </Button>
        <Button look="line" busy={busy} onClick={() => void answer('fail')}>
          {t('challenge.fail')}
        </Button>
      </div>
    </Dialog>
  )
}
