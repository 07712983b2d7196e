/** Times, durations and values as text. Pure; the language is an argument. */
import {
  commonTelemetry,
  type Field,
  type FieldValue,
  type StringField,
  wordText,
} from '../../../model/device-type.ts'
import { joinTexts, type Language } from '../../../model/text.ts'
import { locales } from './i18n/language.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const padTwo = (value: number): string => String(value).padStart(2, '0')

/** A running duration: `mm:ss` below an hour, hours and minutes below two days, then days; 0 when negative. */
export function elapsedText(ms: number, language: Language): string {
  const span = Math.max(0, ms)
  if (span < HOUR)
    return `${padTwo(Math.floor(span / MINUTE))}:${padTwo(Math.floor((span % MINUTE) / SECOND))}`
  const hours = Math.floor(span / HOUR)
  const minutes = padTwo(Math.floor((span % HOUR) / MINUTE))
  if (span < 2 * DAY) return language === 'zh' ? `${hours}时${minutes}分` : `${hours}h ${minutes}m`
  return language === 'zh' ? `${Math.floor(span / DAY)}天` : `${Math.floor(span / DAY)} d`
}

export interface RoughDuration {
  readonly unit: 'seconds' | 'minutes' | 'hours' | 'days'
  readonly n: number
}

/** A duration rounded down to its largest unit, for "3 min ago". */
export function roughDuration(ms: number): RoughDuration {
  const span = Math.max(0, ms)
  if (span < MINUTE) return { unit: 'seconds', n: Math.floor(span / SECOND) }
  if (span < HOUR) return { unit: 'minutes', n: Math.floor(span / MINUTE) }
  if (span < 2 * DAY) return { unit: 'hours', n: Math.floor(span / HOUR) }
  return { unit: 'days', n: Math.floor(span / DAY) }
}

const clockFormat = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** `HH:MM:SS` in the screen's time zone. */
export const clockText = (at: number): string => clockFormat.format(at)

/** The time on the day of `now`, otherwise date and time. */
export function dateTimeText(at: number, now: number, language: Language): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString()
  if (sameDay) return clockText(at)
  const date = new Intl.DateTimeFormat(locales[language], { month: 'short', day: 'numeric' }).format(at)
  return `${date} ${clockText(at).slice(0, 5)}`
}

/** Units whose text differs from the stored name. */
const unitTexts: Readonly<Record<string, Record<Language, string>>> = {
  '1': { zh: '', en: '' },
  floor: { zh: '层', en: '' },
  l: { zh: 'L', en: 'L' },
  r: { zh: '转', en: 'r' },
}

export function unitText(unit: string, language: Language): string {
  return unitTexts[unit]?.[language] ?? unit
}

/** At most 3 decimals below 10, else 1; thousands grouped. */
export function numberText(value: number, language: Language): string {
  return new Intl.NumberFormat(locales[language], {
    maximumFractionDigits: Math.abs(value) < 10 ? 3 : 1,
  }).format(value)
}

export interface ValueWords {
  readonly yes: string
  readonly no: string
  readonly unknown: string
  /** Text of an empty list. */
  readonly none: string
}

/** One value with its unit; shares in per cent, an unknown battery level (-1) as unknown. */
export function valueText(
  field: Field | StringField | undefined,
  value: FieldValue,
  { language, words }: { language: Language; words: ValueWords },
): string {
  if (typeof value === 'boolean')
    return capitalWordText(field, value, language) ?? (value ? words.yes : words.no)
  if (typeof value === 'string') return capitalWordText(field, value, language) ?? value
  if (typeof value !== 'number') return listText(field, value, language) ?? words.none
  if (field?.kind !== 'number') return numberText(value, language)
  if (isShare(field)) return value < 0 ? words.unknown : `${numberText(value * 100, language)} %`
  const unit = unitText(field.unit, language)
  return unit ? `${numberText(value, language)} ${unit}` : numberText(value, language)
}

/** The text of an enum or boolean value, capitalised. */
function capitalWordText(
  field: Field | StringField | undefined,
  word: string | boolean,
  language: Language,
): string | undefined {
  const text = wordText(field, word)
  return text && capital(text[language])
}

/** Undefined for an empty list; a word without a text stays as it is. */
function listText(
  field: Field | StringField | undefined,
  list: readonly string[],
  language: Language,
): string | undefined {
  if (list.length === 0) return undefined
  return capital(joinTexts(list.map((word) => wordText(field, word) ?? { zh: word, en: word }))[language])
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** True for shares, 0 to 1 (battery level also -1 = unknown). A power factor may be negative, so it is not a share. */
export function isShare(field: Field | StringField): boolean {
  if (field === commonTelemetry.batteryLevel) return true
  return field.kind === 'number' && field.unit === '1' && field.min === 0 && field.max === 1 && !field.integer
}
