/** Texts in the user's language: `t` for the screens' own texts by typed key, `pick` for texts that the hub sends in both. */
import { computed } from 'vue'
import { createI18n } from 'vue-i18n'
import type { Language, Text } from '../../../../model/text.ts'
import { readPreference, writePreference } from '../preferences.ts'
import { en } from './en.ts'
import { chooseLanguage, locales } from './language.ts'
import type { MessageKey } from './messages.ts'
import { zh } from './zh.ts'

export type Values = Readonly<Record<string, string | number>>

export const i18n = createI18n({
  legacy: false,
  locale: chooseLanguage(readPreference('language'), navigator.languages),
  fallbackLocale: 'zh',
  messages: { zh, en } as Record<Language, typeof zh>,
})

const locale = computed(() => i18n.global.locale.value as Language)

/** Sets the language of the texts and the page's `lang`. */
export function applyLanguage(language: Language): void {
  i18n.global.locale.value = language
  document.documentElement.lang = locales[language]
}

export function setLanguage(language: Language): void {
  writePreference('language', language)
  applyLanguage(language)
}

/** A text by key; a value `n` also selects singular or plural. */
function t(key: MessageKey, values: Values = {}): string {
  return typeof values.n === 'number'
    ? i18n.global.t(key, { ...values }, values.n)
    : i18n.global.t(key, { ...values })
}

/** True when there is a text for the key, e.g. for an action of the change log. */
const known = (key: string): key is MessageKey => i18n.global.te(key)

const pick = (text: Text): string => text[locale.value]

export function useTexts() {
  return { t, pick, known, locale }
}
