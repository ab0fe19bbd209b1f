// The message catalogue. Keys are checked by the compiler; the edge uses the same files for the first paint.
import type en from './en.json'
import { begin } from '../app/boot.ts'
import { setCookie } from '../app/stored.ts'

type RawKey = keyof typeof en
type Plain<K> = K extends `${infer Stem}_one` | `${infer Stem}_other` ? Stem : K
export type MessageKey = Plain<RawKey>
export type Values = Record<string, string | number>

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof LANGUAGES

const asked = begin.lang ?? navigator.language.slice(0, 2)
export const language: Language = asked === 'de' ? 'de' : 'en'
/** What dates and amounts are written by. */
export const locale = language === 'de' ? 'de-DE' : 'en-US'

let messages: Record<string, string> = {}

export async function loadMessages(): Promise<void> {
  const loaded = language === 'de' ? await import('./de.json') : await import('./en.json')
  messages = loaded.default
}

const plurals = new Intl.PluralRules(locale)

export function t(key: MessageKey, values?: Values): string {
  const full = typeof values?.count === 'number' ? `${key}_${plurals.select(values.count)}` : key
  return filled(messages[full] ?? messages[key] ?? full, values)
}

/** A message whose key comes from the API; the other text where there is none. */
export function tr(key: string, fallback: string, values?: Values): string {
  const text = messages[key]
  return text === undefined ? fallback : filled(text, values)
}

function filled(text: string, values: Values | undefined): string {
  return values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : text
}

/** What the server says in English, where the buyer reads that; else that it says something, by its code. */
export function foreign(english: string, code: string): string {
  return language === 'en' ? english : t('error.refused', { code })
}

export function chooseLanguage(chosen: Language): void {
  setCookie('souk_lang', chosen)
  location.reload()
}
