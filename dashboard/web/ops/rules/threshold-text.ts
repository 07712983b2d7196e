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
const spanMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
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

/** Milliseconds of a duration such as `1h 30m`; undefined = it is none. */
export function spanOf(text: string): number | undefined {
  if (!isSpan.test(text)) return undefined
  return partsOf(text).reduce((sum, { count, unit }) => sum + count * (spanMs[unit] ?? 0), 0)
}

const partsOf = (text: string) =>
  [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)].map(([, count, unit = '']) => ({
    count: Number(count),
    unit,
  }))

function spanWords(text: string, language: Language): string {
  return partsOf(text)
    .map(({ count, unit }) => amount(count, spanUnits[unit] ?? 'second', language))
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
