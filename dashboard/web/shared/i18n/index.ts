/** Texts in the reader's language: typed keys for the screens' own words, `pick` for what the hub sends in both. */
import { computed } from 'vue'
import { createI18n } from 'vue-i18n'
import type { Language, Text } from '../../../../model/text.ts'
import { readChoice, writeChoice } from '../preferences.ts'
import { en } from './en.ts'
import { chooseLanguage, locales } from './language.ts'
import type { MessageKey } from './messages.ts'
import { zh } from './zh.ts'

export type Values = Readonly<Record<string, string | number>>

export const i18n = createI18n({
  legacy: false,
  locale: chooseLanguage(readChoice('language'), navigator.languages),
  fallbackLocale: 'zh',
  messages: { zh, en } as Record<Language, typeof zh>,
})

const locale = computed(() => i18n.global.locale.value as Language)

/** Puts `lang` on the page, now and at every change. */
export function applyLanguage(language: Language): void {
  i18n.global.locale.value = language
  document.documentElement.lang = locales[language]
}

export function setLanguage(language: Language): void {
  writeChoice('language', language)
  applyLanguage(language)
}

/** A text by key; `{n}` among the values also chooses singular or plural. */
function t(key: MessageKey, values: Values = {}): string {
  return typeof values.n === 'number'
    ? i18n.global.t(key, { ...values }, values.n)
    : i18n.global.t(key, { ...values })
}

/** True when a word of the hub (an action, say) has a text of its own. */
const known = (key: string): key is MessageKey => i18n.global.te(key)

const pick = (text: Text): string => text[locale.value]

export function useTexts() {
  return { t, pick, known, locale }
}
