/** Newest known values of a device: readings are sparse, so what one does not tell is taken from those before it. */
import type { FieldValues } from '../../model/device-type.ts'
import { type Layout, slotBit, type Value } from '../expression/scope.ts'
import type { Member, View } from './types.ts'

const nothing: readonly Value[] = []

export function emptyView(layout: Layout): View {
  return { slots: layout.fields.map(() => undefined), at: layout.fields.map(() => 0) }
}

export function copyView(from: View, to: View): void {
  for (let slot = 0; slot < from.slots.length; slot += 1) {
    to.slots[slot] = from.slots[slot]
    to.at[slot] = from.at[slot] as number
  }
}

/** What a reading tells, by slot; the very array of the reading before when it tells the same. NaN tells nothing. */
export function ownValues(layout: Layout, values: FieldValues, former: readonly Value[]): readonly Value[] {
  const { fields } = layout
  if (fields.length === 0) return nothing
  let same = former.length === fields.length
  for (let slot = 0; same && slot < fields.length; slot += 1) {
    same = values[fields[slot] as string] === former[slot]
  }
  if (same) return former
  return fields.map((field) => {
    const value = values[field]
    return typeof value === 'number' && Number.isNaN(value) ? undefined : value
  })
}

/** A value told again after so long counts as changed, because it may have been too old to be believed meanwhile. */
const stale = 60_000

/** Makes the next reading tell something new, whatever it tells: rules that were not there have seen nothing yet. */
export function agedView({ at }: View, newest: number): void {
  for (let slot = 0; slot < at.length; slot += 1) at[slot] = Math.min(at[slot] as number, newest - stale - 1)
}

/** Takes a reading into the view; returns the mask of slots that changed. `before` and `told` are filled in. */
export function foldReading(member: Member, own: readonly Value[], ts: number): number {
  const { view, before } = member
  let mask = 0
  let told = 0
  for (let slot = 0; slot < view.slots.length; slot += 1) {
    const former = view.slots[slot]
    before[slot] = former
    const value = own[slot]
    if (value === undefined) continue
    told |= slotBit(slot)
    if (value !== former || ts - (view.at[slot] as number) > stale) mask |= slotBit(slot)
    view.slots[slot] = value
    view.at[slot] = ts
  }
  member.told = told
  return mask
}

/** Takes a reading into the base, when it leaves the ring. */
export function foldBase({ slots, at }: View, own: readonly Value[], ts: number): void {
  for (let slot = 0; slot < own.length; slot += 1) {
    const value = own[slot]
    if (value === undefined) continue
    slots[slot] = value
    at[slot] = ts
  }
}
