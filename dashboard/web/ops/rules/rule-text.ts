/** Reads what the form shows of a rule file, and replaces single values without changing the rest of the text. Pure. */
import { isMap, isScalar, parse, parseDocument, type Scalar } from 'yaml'
import type { Text } from '../../../../model/text.ts'
import { durationMs } from './threshold-text.ts'

export type ParameterValue = string | number | boolean

export interface ParameterField {
  readonly name: string
  /** As written. */
  readonly text: string
  /** The comment on its line; empty = none. */
  readonly comment: string
}

/** Label of a parameter in both languages. */
export interface ParameterLabel extends Text {
  /** Empty = none, or a duration with its own unit. */
  readonly unit: string
}

export interface OverrideRow {
  /** Where it applies, e.g. `homes: b3-201, b3-202`. */
  readonly places: readonly { readonly kind: string; readonly ids: readonly string[] }[]
  readonly parameters: readonly { readonly name: string; readonly value: string }[]
  readonly severity: string | null
  readonly isDisabled: boolean
}

/** True when the text is syntactically valid YAML. */
export const isYaml = (text: string): boolean =>
  parseDocument(text, { prettyErrors: false }).errors.length === 0

/** `parameters` of the text in their order; empty without parameters or without valid YAML. */
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

/** The text with one parameter replaced; unchanged when there is no such parameter. */
export const withParameter = (text: string, name: string, value: string): string =>
  replaceScalar(text, ['parameters', name], asYaml(value.trim()))

/**
 * The text with the string `value` at this path, kept exactly: a name may look like a number, and have a trailing space
 * while typing. Unchanged when there is no such path, or the text is not valid YAML.
 */
export const withText = (text: string, path: readonly string[], value: string): string =>
  replaceScalar(
    text,
    path,
    plainPattern.test(value) && parse(value) === value ? value : JSON.stringify(value),
  )

function replaceScalar(text: string, path: readonly string[], written: string): string {
  const range = scalarAt(text, path)?.range
  return range ? text.slice(0, range[0]) + written + text.slice(range[1]) : text
}

/** The value at this path, e.g. `title.zh`; undefined without a value or without valid YAML. */
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
const MAX_ID_LENGTH = 64

/** The id, or the id with the first number that makes it unused. */
export function unusedId(id: string, usedIds: ReadonlySet<string>): string {
  let candidate = id
  for (let number = 2; usedIds.has(candidate); number += 1) {
    const end = `-${number}`
    candidate = id.slice(0, MAX_ID_LENGTH - end.length) + end
  }
  return candidate
}

const unquoted = (node: Scalar, written: string): string =>
  node.type === 'PLAIN' ? written : String(node.value)

/** Numbers, durations and words unquoted; anything that may be YAML syntax quoted. */
const asYaml = (value: string): string => (plainPattern.test(value) ? value : JSON.stringify(value))
const plainPattern = /^-?[\w.+]+(-[\w.+]+)*$/

/** The reason of alerts with the thresholds of the text filled in, and … for values known only at run time. */
export function fillReason(reason: string, text: string): string {
  const values = new Map(parametersOf(text).map(({ name, text: value }) => [name, value]))
  return reason.replace(
    /\{(\w+?)(Percent|Seconds|Minutes|Hours|Days)?\}/g,
    (_, name: string, unit?: string) =>
      values.get(name + (unit ?? '')) ?? convertValue(values.get(name) ?? '', unit ?? '') ?? '…',
  )
}

/** A duration in the unit of the placeholder, or a share in per cent; undefined for other values. */
function convertValue(text: string, unit: string): string | undefined {
  if (unit === 'Percent') return numberPattern.test(text) ? String(Math.round(Number(text) * 100)) : undefined
  const ms = unitMs[unit]
  const span = durationMs(text)
  return ms === undefined || span === undefined ? undefined : String(Math.round((span / ms) * 100) / 100)
}

const numberPattern = /^\d+(\.\d+)?$/
const unitMs: Readonly<Record<string, number>> = {
  Seconds: 1000,
  Minutes: 60_000,
  Hours: 3_600_000,
  Days: 86_400_000,
}

/** `labels` of the text by parameter name; malformed ones are skipped. */
export function labelsOf(text: string): ReadonlyMap<string, ParameterLabel> {
  const labels = new Map<string, ParameterLabel>()
  const found = toPlainObject(text)?.labels
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

/** Undefined when the text is not valid YAML, or has too many aliases. */
function toPlainObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const document = parseDocument(text, { prettyErrors: false })
  if (document.errors.length > 0) return undefined
  try {
    const plain: unknown = document.toJS({ maxAliasCount: 100 })
    return isRecord(plain) ? plain : undefined
  } catch {
    return undefined
  }
}

/** Ids of the rules whose work orders this rule completes instead of raising alerts; otherwise empty. */
export function completesOf(text: string): string[] {
  const found = toPlainObject(text)?.completes
  return Array.isArray(found) ? found.map(String) : []
}

/** `overrides` of the text; malformed ones are skipped. */
export function overridesOf(text: string): OverrideRow[] {
  const found = toPlainObject(text)?.overrides
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
    isDisabled: enabled === false,
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
