/** A device type is described once; validation, history columns, charts, simulators, rules and docs all read it. */
import type { Text } from './text.ts'

interface FieldBase {
  readonly label: Text
  /** Set for a field that is stored and judged, but not drawn in charts. */
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
export interface BooleanField extends FieldBase {
  readonly kind: 'boolean'
}
export interface EnumField extends FieldBase {
  readonly kind: 'enum'
  readonly values: readonly string[]
}
/** A list of enum words, e.g. the active faults of a lift. */
export interface ListField extends FieldBase {
  readonly kind: 'list'
  readonly values: readonly string[]
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

/** Why a field's value was not taken; the word is also the metric's label. */
export type FieldFault = 'wrong-type' | 'out-of-range' | 'not-a-number' | 'unknown-word'

/** Checks one value against its field; returns the fault, or undefined when the value may be kept. */
export function fieldFault(field: Field | StringField, value: unknown): FieldFault | undefined {
  switch (field.kind) {
    case 'number':
      return numberFault(field, value)
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

function numberFault(field: NumberField, value: unknown): FieldFault | undefined {
  if (typeof value !== 'number') return 'wrong-type'
  if (!Number.isFinite(value)) return 'not-a-number'
  if (field.integer && !Number.isInteger(value)) return 'wrong-type'
  return value < field.min || value > field.max ? 'out-of-range' : undefined
}
