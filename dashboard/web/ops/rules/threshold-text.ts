/** Thresholds as text: `2h` is two hours, a share of 0.8 is 80 %. Pure; the language is an argument. */
import type { Language } from '../../../../model/text.ts'
import { numberText } from '../../shared/format.ts'
import { locales } from '../../shared/i18n/language.ts'

const unitNames: Readonly<Record<string, string>> = {
  ms: 'millisecond',
  s: 'second',
  m: 'minute',
  h: 'hour',
  d: 'day',
}
const msPerUnit: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const durationPattern = /^(\d+(\.\d+)?(ms|s|m|h|d) ?)+$/
const numberPattern = /^-?\d+(\.\d+)?$/

/** Units of `labels` that need conversion. */
const unitFormats: Readonly<Record<string, (value: number, language: Language) => string>> = {
  share: (value, language) => `${numberText(value * 100, language)} %`,
  hour: (value) =>
    `${Math.floor(value)}:${String(Math.round((value - Math.floor(value)) * 60)).padStart(2, '0')}`,
  day: (value, language) => unitAmountText(value, 'day', language),
}

/** Text or unit to show beside the value; empty when the value needs none or is not valid. */
export function thresholdText(text: string, unit: string, language: Language): string {
  const value = text.trim()
  if (durationPattern.test(value)) return durationText(value, language)
  if (!numberPattern.test(value) || unit === '') return ''
  return unitFormats[unit]?.(Number(value), language) ?? unit
}

/** Milliseconds of a duration such as `1h 30m`; undefined for other texts. */
export function durationMs(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined
  return partsOf(text).reduce((sum, { count, unit }) => sum + count * (msPerUnit[unit] ?? 0), 0)
}

const partsOf = (text: string) =>
  [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)].map(([, count, unit = '']) => ({
    count: Number(count),
    unit,
  }))

function durationText(text: string, language: Language): string {
  return partsOf(text)
    .map(({ count, unit }) => unitAmountText(count, unitNames[unit] ?? 'second', language))
    .join(' ')
}

function unitAmountText(value: number, unit: string, language: Language): string {
  return new Intl.NumberFormat(locales[language], {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: 3,
  }).format(value)
}
