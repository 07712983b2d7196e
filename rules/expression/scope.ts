/** The values that an expression can read: one device at one instant. */
import type { FieldValue, FieldValues } from '../../model/device-type.ts'
import type { HomeAbsence } from '../../model/ports/directory.ts'
import type { Location } from './location.ts'

/** A missing or NaN value is `undefined`: unknown, which is neither true nor false. */
export type Value = FieldValue | undefined

export interface HomeFacts {
  readonly fragile: boolean
  readonly persons: number
  /** Registered absences of the residents; not for expressions. */
  readonly away?: readonly HomeAbsence[]
}

/** One object, reused for every reading: copy what must be kept. Times are event times in ms. */
export interface Scope {
  type: string
  /** Event time of the reading or timer, for the time functions; NaN = unknown. */
  now: number
  /** Undefined when the place of the device is not known. */
  location: Location | undefined
  /** Newest known value of each field of the type's layout, this reading included. */
  slots: readonly Value[]
  /** When `slots` were reported; 0 = never. */
  reportedAt: number
  /** When each slot was reported; undefined while all have the same time. */
  times: readonly number[] | undefined
  /** Only the values in this reading. */
  reported: readonly Value[]
  /** The newest known values before this reading. */
  previous: readonly Value[]
  /** As `reportedAt` and `times`, for `previous`. */
  previousTimes: { readonly ts: number; readonly at: readonly number[] | undefined }
  /** Values reported before this instant are stale (now minus `maxAge`) and therefore unknown. */
  minTime: number
  /** Name of the event in an `event` message; empty otherwise. */
  event: string
  meta: FieldValues
  home: HomeFacts | undefined
  /** Values of the rule's own signals, in the order of their names. */
  signals: readonly (boolean | undefined)[]
}

/** Event time (ms) at which the value of a slot was reported; 0 = never. */
export function valueTime({ slots, times, reportedAt }: Scope, slot: number): number {
  if (slots[slot] === undefined) return 0
  return times ? (times[slot] as number) : reportedAt
}

/** As `valueTime`, for the value known before this reading. */
export function previousValueTime({ previous, previousTimes }: Scope, slot: number): number {
  if (previous[slot] === undefined) return 0
  return previousTimes.at ? (previousTimes.at[slot] as number) : previousTimes.ts
}

/** Three-valued: `undefined` = unknown. */
export type Evaluate<T extends Value = Value> = (scope: Scope) => T | undefined

/** Fields of one device type that rules read; the index of a field is its slot. Grows while rules are compiled. */
export interface Layout {
  readonly type: string
  readonly fields: string[]
  /** Generated on first use. */
  read?: ReadReported | undefined
}

/** Values of a message by slot; the same array as `former` when nothing changed. */
export type ReadReported = (values: FieldValues, former: readonly Value[]) => readonly Value[]

/** Slot of a field; adds the field to the layout when missing. */
export function slotOf(layout: Layout, field: string): number {
  const found = layout.fields.indexOf(field)
  if (found >= 0) return found
  layout.read = undefined
  return layout.fields.push(field) - 1
}

/** Bit of a slot in a change mask; slots beyond 30 share the last bit. */
export function slotBit(slot: number): number {
  return 1 << Math.min(slot, 30)
}

export function emptyScope(): Scope {
  return {
    type: '',
    now: Number.NaN,
    location: undefined,
    slots: [],
    reportedAt: 0,
    times: undefined,
    reported: [],
    previous: [],
    previousTimes: { ts: 0, at: undefined },
    minTime: 0,
    event: '',
    meta: {},
    home: undefined,
    signals: [],
  }
}
