/** Validation field by field: a wrong field is dropped and named, its neighbours are kept. */
import type { StringField } from '../model/device-type.ts'
import {
  type DeviceType,
  type Field,
  type FieldProblem,
  type FieldValue,
  type FieldValues,
  fieldProblem,
} from '../model/device-type.ts'
import { deviceTypes } from '../model/devices/table.ts'
import type { JsonObject } from './decode.ts'

/** `unknown` = the device type has no such field; ignored and counted. */
export interface DroppedField {
  /** Name as sent, cut at 64 characters. */
  readonly field: string
  readonly fault: FieldProblem | 'unknown'
}

export type Fields = ReadonlyMap<string, Field | StringField>

/** Fields by name. Maps, because a payload key may be `constructor` or `__proto__`. */
export interface CompiledType {
  readonly telemetry: Fields
  readonly meta: Fields
  readonly events: ReadonlySet<string>
}

const compile = (type: DeviceType): CompiledType => ({
  telemetry: new Map(Object.entries(type.telemetry)),
  meta: new Map(Object.entries(type.meta)),
  events: new Set(Object.keys(type.events)),
})

/** Every device type, compiled for look-ups. */
export const compiledTypes: ReadonlyMap<string, CompiledType> = new Map(
  [...deviceTypes].map(([name, type]) => [name, compile(type)]),
)

/** Keys of the message envelope, which are not values. */
export const isEnvelope = (name: string): boolean => name === 'ts' || name === 'seq'

export interface CheckedFields {
  readonly values: FieldValues
  readonly dropped: readonly DroppedField[]
}

/** Keeps the values that their field allows and lists every other one. */
export function checkFields(object: JsonObject, fields: Fields): CheckedFields {
  const values: Record<string, FieldValue> = {}
  let dropped: DroppedField[] | undefined
  for (const name of Object.keys(object)) {
    if (isEnvelope(name)) continue
    const field = fields.get(name)
    const value = object[name]
    const fault = field ? (fieldProblem(field, value) ?? textFault(field, value)) : 'unknown'
    if (fault) {
      dropped ??= []
      dropped.push({ field: name.slice(0, 64), fault })
    } else values[name] = value as FieldValue
  }
  return { values, dropped: dropped ?? none }
}

const none: readonly DroppedField[] = []

const controlCharacter = /[\p{Cc}&&\p{ASCII}]/v

/** Free text must be storable in every engine: no half surrogate pairs, no control characters. */
function textFault(field: Field | StringField, value: unknown): FieldProblem | undefined {
  if (field.kind !== 'string') return undefined
  const text = value as string
  return text.isWellFormed() && !controlCharacter.test(text) ? undefined : 'wrong-type'
}

/** Keys other than `known` and the envelope, for channels without a field table. */
export function unknownFields(object: JsonObject, known: string): readonly DroppedField[] {
  const names = Object.keys(object).filter((name) => name !== known && !isEnvelope(name))
  return names.map((name) => ({ field: name.slice(0, 64), fault: 'unknown' }))
}
