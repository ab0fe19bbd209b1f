import { setCookie } from './stored.ts'

export type Theme = 'auto' | 'light' | 'dark'

/** The edge writes the choice into the document, so that no page flashes in the other theme. */
export function theme(): Theme {
  const chosen = document.documentElement.dataset.theme
  return chosen === 'light' || chosen === 'dark' ? chosen : 'auto'
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  setCookie('souk_theme', theme === 'auto' ? '' : theme)
}
