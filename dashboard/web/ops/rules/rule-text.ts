/** What the form shows of a rule file, and how a changed number goes into the text without touching anything else. Pure. */
import { isMap, isScalar, parse, parseDocument, type Scalar } from 'yaml'
import type { Text } from '../../../../model/text.ts'
import { spanOf } from './threshold-text.ts'

export type ParameterValue = string | number | boolean

export interface ParameterField {
  readonly name: string
  /** As written. */
  readonly text: string
  /** The comment on its line; empty = none. */
  readonly comment: string
}

/** What people read of a parameter. */
export interface ParameterLabel extends Text {
  /** Empty = none, or a duration that tells its own. */
  readonly unit: string
}

export interface OverrideRow {
  /** For whom: `homes: b3-201, b3-202`. */
  readonly places: readonly { readonly kind: string; readonly ids: readonly string[] }[]
  readonly parameters: readonly { readonly name: string; readonly value: string }[]
  readonly severity: string | null
  readonly isOff: boolean
}

/** Whether the text can be read at all, right or wrong. */
export const isYaml = (text: string): boolean =>
  parseDocument(text, { prettyErrors: false }).errors.length === 0

/** `parameters` of the text in their order; empty when there are none or the text is no YAML. */
export function parametersOf(text: string): ParameterField[] {
  const document = parseDocument(text, { prettyErrors: false })
  const parameters = document.errors.length > 0 ? undefined : document.get('parameters', true)
  if (!isMap(parameters)) return []
  return parameters.items.flatMap(({ key, value }): ParameterField[] => {
    if (!isScalar(key) || !isScalar(value)) return []
    const written = value.range ? text.slice(value.range[0], value.range[1]) : String(value.value)
    return [{ name: String(key.value), text: unquoted(value, written), comment: value.comment?.trim() ?? '' }]
  })
}

/** The text with one parameter set; the very same text when there is no such parameter. */
export const withParameter = (text: string, name: string, value: string): string =>
  withScalar(text, ['parameters', name], asYaml(value.trim()))

/**
 * The text with these words at this place, spaces and all: a name may be `119`, and whoever types one pauses after a
 * space. The very same text when there is no such place, or the text is no YAML.
 */
export const withWords = (text: string, path: readonly string[], words: string): string =>
  withScalar(text, path, isPlain.test(words) && parse(words) === words ? words : JSON.stringify(words))

function withScalar(text: string, path: readonly string[], written: string): string {
  const range = scalarAt(text, path)?.range
  return range ? text.slice(0, range[0]) + written + text.slice(range[1]) : text
}

/** The value at this place, e.g. of `title.zh`; undefined = there is none, or the text is no YAML. */
export function valueAt(text: string, path: readonly string[]): string | undefined {
  const value = scalarAt(text, path)?.value
  return value === undefined || value === null ? undefined : String(value)
}

function scalarAt(text: string, path: readonly string[]): Scalar | undefined {
  const document = parseDocument(text, { prettyErrors: false })
  const node = document.errors.length > 0 ? undefined : document.getIn(path, true)
  return isScalar(node) ? node : undefined
}

/** Characters. */
const longestId = 64

/** The id itself, or with the first number that makes it a new one. */
export function freeId(id: string, taken: ReadonlySet<string>): string {
  let free = id
  for (let number = 2; taken.has(free); number += 1) {
    const end = `-${number}`
    free = id.slice(0, longestId - end.length) + end
  }
  return free
}

const unquoted = (node: Scalar, written: string): string =>
  node.type === 'PLAIN' ? written : String(node.value)

/** A number, a duration or a word as it is; anything that could mean more to YAML in quotes. */
const asYaml = (value: string): string => (isPlain.test(value) ? value : JSON.stringify(value))
const isPlain = /^-?[\w.+]+(-[\w.+]+)*$/

/** What alerts say, with the thresholds of the text in their places and … for what is only known when it happens. */
export function sentence(reason: string, text: string): string {
  const values = new Map(parametersOf(text).map(({ name, text: value }) => [name, value]))
  return reason.replace(
    /\{(\w+?)(Percent|Seconds|Minutes|Hours|Days)?\}/g,
    (_, name: string, unit?: string) =>
      values.get(name + (unit ?? '')) ?? figureIn(values.get(name) ?? '', unit ?? '') ?? '…',
  )
}

/** A duration in the unit that a reason asks for, a share in per cent; undefined = it is none. */
function figureIn(text: string, unit: string): string | undefined {
  if (unit === 'Percent') return isNumber.test(text) ? String(Math.round(Number(text) * 100)) : undefined
  const ms = unitMs[unit]
  const span = spanOf(text)
  return ms === undefined || span === undefined ? undefined : String(Math.round((span / ms) * 100) / 100)
}

const isNumber = /^\d+(\.\d+)?$/
const unitMs: Readonly<Record<string, number>> = {
  Seconds: 1000,
  Minutes: 60_000,
  Hours: 3_600_000,
  Days: 86_400_000,
}

/** `labels` of the text by the name of the parameter, as far as they can be read. */
export function labelsOf(text: string): ReadonlyMap<string, ParameterLabel> {
  const labels = new Map<string, ParameterLabel>()
  const found = plainOf(text)?.labels
  for (const [name, label] of Object.entries(isRecord(found) ? found : {})) {
    if (!isRecord(label) || typeof label.zh !== 'string' || typeof label.en !== 'string') continue
    labels.set(name, {
      zh: label.zh,
      en: label.en,
      unit: typeof label.unit === 'string' ? label.unit : '',
    })
  }
  return labels
}

/** Undefined when the text is no YAML, or would not end. */
function plainOf(text: string): Readonly<Record<string, unknown>> | undefined {
  const document = parseDocument(text, { prettyErrors: false })
  if (document.errors.length > 0) return undefined
  try {
    const plain: unknown = document.toJS({ maxAliasCount: 100 })
    return isRecord(plain) ? plain : undefined
  } catch {
    return undefined
  }
}

/** Ids of the rules whose work this one completes instead of raising alerts; empty = it raises alerts, or cannot be read. */
export function completesOf(text: string): string[] {
  const found = plainOf(text)?.completes
  return Array.isArray(found) ? found.map(String) : []
}

/** `overrides` of the text, as far as they can be read. */
export function overridesOf(text: string): OverrideRow[] {
  const found = plainOf(text)?.overrides
  return Array.isArray(found) ? found.flatMap((one) => (isRecord(one) ? [overrideRow(one)] : [])) : []
}

function overrideRow({ parameters, severity, enabled, ...places }: Record<string, unknown>): OverrideRow {
  return {
    places: Object.entries(places).flatMap(([kind, ids]) =>
      Array.isArray(ids) ? [{ kind, ids: ids.map(String) }] : [],
    ),
    parameters: isRecord(parameters)
      ? Object.entries(parameters).map(([name, value]) => ({ name, value: String(value) }))
      : [],
    severity: typeof severity === 'string' ? severity : null,
    isOff: enabled === false,
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
