/** What an expression sees at one instant of one device. */
import type { FieldValue, FieldValues } from '../../model/device-type.ts'
import type { HomeAbsence } from '../../model/ports/directory.ts'
import type { Location } from './location.ts'

/** A missing or NaN value is `undefined`: unknown, which is neither true nor false. */
export type Value = FieldValue | undefined

export interface HomeFacts {
  readonly fragile: boolean
  readonly persons: number
  /** Known absences of everybody; not for expressions. */
  readonly away?: readonly HomeAbsence[]
}

/** One object reused for every reading; nobody keeps it. Times are event times in ms. */
export interface Scope {
  type: string
  /** Event time of the reading or timer, for the words of time; NaN = unknown. */
  now: number
  /** Where the device is; undefined when nobody knows. */
  location: Location | undefined
  /** Newest known value of each field of the type's layout, this reading included. */
  slots: readonly Value[]
  /** When all of them were told; 0 = never. */
  reportedAt: number
  /** When each of them was told, when some are older. */
  times: readonly number[] | undefined
  /** Only what this very reading told. */
  reported: readonly Value[]
  /** The newest known values before this reading. */
  previous: readonly Value[]
  /** When those were told, as `toldAt` and `at`. */
  previousTimes: { readonly ts: number; readonly at: readonly number[] | undefined }
  /** Values told before this instant are too old to be believed (a rule's `hold`). */
  minTime: number
  /** Word of an `event` message; empty otherwise. */
  event: string
  meta: FieldValues
  home: HomeFacts | undefined
  /** Values of the rule's own signals, in the order of their names. */
  signals: readonly (boolean | undefined)[]
}

/** Event time (ms) at which a value was told; 0 = never. */
export function valueTime({ slots, times: at, reportedAt: toldAt }: Scope, slot: number): number {
  if (slots[slot] === undefined) return 0
  return at ? (at[slot] as number) : toldAt
}

/** The same for what was known before this reading. */
export function previousValueTime({ previous: before, previousTimes: former }: Scope, slot: number): number {
  if (before[slot] === undefined) return 0
  return former.at ? (former.at[slot] as number) : former.ts
}

/** Three-valued: `undefined` = cannot be told from what is known. */
export type Evaluate<T extends Value = Value> = (scope: Scope) => T | undefined

/** Fields of one device type that rules read, each with a place in `slots`. Grows while rules are compiled. */
export interface Layout {
  readonly type: string
  readonly fields: string[]
  /** Made when it is first needed. */
  read?: ReadReported | undefined
}

/** Values of a message by slot; the very same array as before when it tells the same. */
export type ReadReported = (values: FieldValues, former: readonly Value[]) => readonly Value[]

/** Place of a field in the layout, added when it is not there yet. */
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
