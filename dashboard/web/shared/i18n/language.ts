/** Which language a person reads: their choice if they made one, else the browser's, else Chinese. */
import type { Language } from '../../../../model/text.ts'

export const languages = ['zh', 'en'] as const satisfies readonly Language[]
export const languageNames: Readonly<Record<Language, string>> = { zh: '中文', en: 'English' }
/** Values of the `lang` attribute and of Intl. */
export const locales: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en-GB' }

/** The first of the browser's languages that the house speaks. */
export function chooseLanguage(chosen: string | null, browser: readonly string[]): Language {
  if (chosen === 'zh' || chosen === 'en') return chosen
  for (const tag of browser) {
    const primary = tag.toLowerCase().split('-')[0]
    if (primary === 'zh' || primary === 'en') return primary
  }
  return 'zh'
}
