/** Newest known values of a device: readings are sparse, so what one does not tell is taken from those before it. */
import type { FieldValue, FieldValues } from '../../model/device-type.ts'
import { type Layout, slotBit, type Value } from '../expression/scope.ts'
import type { Member, RingEntry, View } from './types.ts'

export const nothing: readonly Value[] = []

export function emptyView(layout: Layout): View {
  return { slots: layout.fields.map(() => undefined), ts: 0, at: undefined }
}

const atOf = ({ ts, at }: View, slot: number): number => (at ? (at[slot] as number) : ts)

/** What a reading tells, by slot; the very array of the reading before when it tells the same. NaN tells nothing. */
export function ownValues(layout: Layout, values: FieldValues, former: readonly Value[]): readonly Value[] {
  const { fields } = layout
  if (fields.length === 0) return nothing
  let same = former.length === fields.length
  for (let slot = 0; same && slot < fields.length; slot += 1) {
    same = isSame(values[fields[slot] as string], former[slot])
  }
  if (same) return former
  return fields.map((field, slot) => {
    const value = values[field]
    if (typeof value === 'object') return isSame(value, former[slot]) ? former[slot] : value
    return typeof value === 'number' && Number.isNaN(value) ? undefined : value
  })
}

/** Lists are compared word by word; every message brings new ones. */
function isSame(value: FieldValue | undefined, former: Value): boolean {
  if (value === former) return true
  if (typeof value !== 'object' || typeof former !== 'object') return false
  return value.length === former.length && value.every((word, index) => word === former[index])
}

/** A value told again after so long counts as changed, because it may have been too old to be believed meanwhile. */
const stale = 60_000

/** Makes the next reading tell something new, whatever it tells: rules that were not there have seen nothing yet. */
export function agedView(view: View, newest: number): View {
  return notAfter(view, newest - stale - 1)
}

/** As if nothing had been told later. */
export function notAfter({ slots, ts, at }: View, latest: number): View {
  return { slots, ts: Math.min(ts, latest), at: at?.map((time) => Math.min(time, latest)) }
}

/** Takes a reading of telemetry into the view; returns the mask of slots that changed. `former` and `told` are filled in. */
export function foldReading(member: Member, entry: RingEntry): number {
  const { view } = member
  const { own, ts } = entry
  member.former = view
  let mask = 0
  let told = 0
  let isWhole = true
  for (let slot = 0; slot < own.length; slot += 1) {
    const value = own[slot]
    const former = view.slots[slot]
    if (value === undefined) {
      if (former !== undefined) isWhole = false
      continue
    }
    told |= slotBit(slot)
    if (value !== former || ts - atOf(view, slot) > stale) mask |= slotBit(slot)
  }
  member.told = told
  // An event tells no values.
  if (own.length === 0) return mask
  entry.slots = isWhole ? own : own.map((value, slot) => value ?? view.slots[slot])
  entry.at = isWhole ? undefined : own.map((value, slot) => (value === undefined ? atOf(view, slot) : ts))
  member.view = entry
  return mask
}

/** The view of its member, when the entry is the newest of the ring. */
export const isView = ({ kind, own }: RingEntry): boolean => kind === 'reading' && own.length > 0
