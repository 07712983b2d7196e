/** A threshold as people say it: `2h` is two hours, 0.8 of a whole is 80 %. Pure; the language is an argument. */
import type { Language } from '../../../../model/text.ts'
import { numberText } from '../../shared/format.ts'
import { locales } from '../../shared/i18n/language.ts'

const spanUnits: Readonly<Record<string, string>> = {
  ms: 'millisecond',
  s: 'second',
  m: 'minute',
  h: 'hour',
  d: 'day',
}
const isSpan = /^(\d+(\.\d+)?(ms|s|m|h|d) ?)+$/
const isNumber = /^-?\d+(\.\d+)?$/

/** Units of `labels` that are said differently from how they are written. */
const said: Readonly<Record<string, (value: number, language: Language) => string>> = {
  share: (value, language) => `${numberText(value * 100, language)} %`,
  hour: (value) =>
    `${Math.floor(value)}:${String(Math.round((value - Math.floor(value)) * 60)).padStart(2, '0')}`,
  day: (value, language) => amount(value, 'day', language),
}

/** Empty when the text says all there is to say, or is no value that could be read. */
export function thresholdWords(text: string, unit: string, language: Language): string {
  const value = text.trim()
  if (isSpan.test(value)) return spanWords(value, language)
  if (!isNumber.test(value) || unit === '') return ''
  return said[unit]?.(Number(value), language) ?? unit
}

function spanWords(text: string, language: Language): string {
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)]
    .map(([, count, unit = '']) => amount(Number(count), spanUnits[unit] ?? 'second', language))
    .join(' ')
}

function amount(value: number, unit: string, language: Language): string {
  return new Intl.NumberFormat(locales[language], {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: 3,
  }).format(value)
}
