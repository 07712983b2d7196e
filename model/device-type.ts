/** A device type is described once; validation, history columns, charts, simulators, rules and docs all read it. */
import type { Text } from './text.ts'

interface FieldBase {
  readonly label: Text
  /** Set for a field that is stored and evaluated, but not drawn in charts. */
  readonly hidden?: boolean
}
export interface NumberField extends FieldBase {
  readonly kind: 'number'
  readonly unit: string
  /** Inclusive hard range; a value outside is dropped and counted. */
  readonly min: number
  readonly max: number
  readonly integer?: boolean
  /** Set for a value that only grows (trips, energy): charts and roll-ups show its increase. */
  readonly counter?: boolean
}
/**
 * What people read in place of each word; English as within a sentence, so in lower case. Screens that show a word alone
 * begin it with a capital.
 */
export type Words<W extends string = string> = Readonly<Record<W, Text>>

export interface BooleanField extends FieldBase {
  readonly kind: 'boolean'
  /** Where a plain yes or no would be hard to read; what `true` means is easy to get wrong, e.g. of a contact. */
  readonly words?: Words<'true' | 'false'>
}
export interface EnumField<W extends string = string> extends FieldBase {
  readonly kind: 'enum'
  readonly values: readonly W[]
  readonly words: Words<W>
}
/** A list of enum words, e.g. the active faults of a lift. */
export interface ListField<W extends string = string> extends FieldBase {
  readonly kind: 'list'
  readonly values: readonly W[]
  readonly words: Words<W>
}
export type Field = NumberField | BooleanField | EnumField | ListField

export type FieldValue = number | boolean | string | readonly string[]
export type FieldValues = Readonly<Record<string, FieldValue>>

export interface DeviceType {
  readonly type: string
  readonly label: Text
  /** `mains` devices are missed after 10 min, `battery` devices after 25 h (zigbee2mqtt defaults; domain.md D1). */
  readonly power: 'mains' | 'battery'
  readonly telemetry: Readonly<Record<string, Field>>
  /** Static facts in the retained `meta` topic and in the community file. */
  readonly meta: Readonly<Record<string, Field | StringField>>
  /** Words of `type` in the `event` topic, e.g. `sos`. */
  readonly events: Readonly<Record<string, Text>>
}
/** Free text; only in `meta`, never in telemetry. */
export interface StringField extends FieldBase {
  readonly kind: 'string'
  readonly maxLength: number
}

/** An enum whose values are the keys of its words, in their order. */
export function enumField<W extends string>(label: Text, words: Words<W>): EnumField<W> {
  return { kind: 'enum', label, words, values: Object.keys(words) as W[] }
}

/** A list whose values are the keys of its words, in their order. */
export function listField<W extends string>(label: Text, words: Words<W>): ListField<W> {
  return { ...enumField(label, words), kind: 'list' }
}

/** What people read for one word of a field, or for true or false; undefined when the field has no text for it. */
export function wordText(field: Field | StringField | undefined, word: string | boolean): Text | undefined {
  const words: Words | undefined = field && 'words' in field ? field.words : undefined
  const key = String(word)
  return words && Object.hasOwn(words, key) ? words[key] : undefined
}

type ValueOf<F> = F extends { kind: 'number' }
  ? number
  : F extends { kind: 'boolean' }
    ? boolean
    : F extends { kind: 'enum'; values: readonly (infer V)[] }
      ? V
      : F extends { kind: 'list'; values: readonly (infer V)[] }
        ? readonly V[]
        : string

/** The telemetry of one type: every field may be missing (dropped, or not sent on this change). */
export type TelemetryOf<T extends DeviceType> = {
  readonly [K in keyof T['telemetry']]?: ValueOf<T['telemetry'][K]>
}

/** Fields every device may send: battery (0-1, -1 = unknown) and signal (FIWARE Device). */
export const commonTelemetry = {
  batteryLevel: { kind: 'number', unit: '1', min: -1, max: 1, label: { zh: '电量', en: 'Battery level' } },
  rssi: { kind: 'number', unit: 'dBm', min: -150, max: 0, label: { zh: '信号强度', en: 'Signal strength' } },
} as const satisfies Record<string, Field>

/** Why a field's value was discarded; also the label of the metric. */
export type FieldProblem = 'wrong-type' | 'out-of-range' | 'not-a-number' | 'unknown-word'

/** Checks one value against its field; undefined when it is valid. */
export function fieldProblem(field: Field | StringField, value: unknown): FieldProblem | undefined {
  switch (field.kind) {
    case 'number':
      return numberProblem(field, value)
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'wrong-type'
    case 'enum':
      if (typeof value !== 'string') return 'wrong-type'
      return field.values.includes(value) ? undefined : 'unknown-word'
    case 'list':
      if (!Array.isArray(value)) return 'wrong-type'
      return value.every((word) => field.values.includes(word)) ? undefined : 'unknown-word'
    case 'string':
      if (typeof value !== 'string') return 'wrong-type'
      return value.length <= field.maxLength ? undefined : 'out-of-range'
  }
}

function numberProblem(field: NumberField, value: unknown): FieldProblem | undefined {
  if (typeof value !== 'number') return 'wrong-type'
  if (!Number.isFinite(value)) return 'not-a-number'
  if (field.integer && !Number.isInteger(value)) return 'wrong-type'
  return value < field.min || value > field.max ? 'out-of-range' : undefined
}
