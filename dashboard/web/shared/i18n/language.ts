/** The user's language: the stored preference, else the browser's, else Chinese. */
import type { Language } from '../../../../model/text.ts'

export const languages = ['zh', 'en'] as const satisfies readonly Language[]
export const languageNames: Readonly<Record<Language, string>> = { zh: '中文', en: 'English' }
/** Values for the `lang` attribute and Intl. */
export const locales: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en-GB' }

/** The preference, or the first browser language that is supported, or Chinese. */
export function chooseLanguage(chosen: string | null, browser: readonly string[]): Language {
  if (chosen === 'zh' || chosen === 'en') return chosen
  for (const tag of browser) {
    const primary = tag.toLowerCase().split('-')[0]
    if (primary === 'zh' || primary === 'en') return primary
  }
  return 'zh'
}
