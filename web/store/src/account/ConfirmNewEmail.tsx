import { Confirmation } from './ConfirmEmail.tsx'

export default function ConfirmNewEmail() {
  return <Confirmation kind="email" />
}
