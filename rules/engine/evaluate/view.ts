/** Newest known values of a device: readings are sparse, so absent fields keep their earlier values. */
import { type Layout, slotBit, type Value } from '../../expression/scope.ts'
import type { Member, ReadingDelta, RingEntry, View } from '../types.ts'

export const nothing: readonly Value[] = []

export function emptyView(layout: Layout): View {
  return { slots: layout.fields.map(() => undefined), ts: 0, at: undefined }
}

const atOf = ({ ts, at }: View, slot: number): number => (at ? (at[slot] as number) : ts)

/** Limits the times of all values to `latest`, as if nothing newer had been reported. */
export function notAfter({ slots, ts, at, isUnevaluated }: View, latest: number): View {
  return { slots, ts: Math.min(ts, latest), at: at?.map((time) => Math.min(time, latest)), isUnevaluated }
}

/** For rules that are new or changed, or have just lost their state. */
export function unevaluated({ slots, ts, at }: View): View {
  return { slots, ts, at, isUnevaluated: true }
}

/** Adds a reading to the view of its member and records in `delta` which fields it reports and changes. */
export function foldReading(delta: ReadingDelta, member: Member, entry: RingEntry): void {
  const { view } = member
  const { reported, ts } = entry
  delta.previous = view
  let changedMask = 0
  let reportedMask = 0
  let oldest = ts
  let isWhole = true
  for (let slot = 0; slot < reported.length; slot += 1) {
    const value = reported[slot]
    const previous = view.slots[slot]
    if (value === undefined) {
      if (previous !== undefined) isWhole = false
      continue
    }
    reportedMask |= slotBit(slot)
    if (value !== previous) changedMask |= slotBit(slot)
    const at = atOf(view, slot)
    if (at < oldest) oldest = at
  }
  delta.reportedMask = reportedMask
  delta.changedMask = view.isUnevaluated ? reportedMask : changedMask
  delta.silence = ts - oldest
  // An event has no telemetry values.
  if (reported.length === 0) return
  entry.slots = isWhole ? reported : reported.map((value, slot) => value ?? view.slots[slot])
  entry.at = isWhole
    ? undefined
    : reported.map((value, slot) => (value === undefined ? atOf(view, slot) : ts))
  member.view = entry
}

/** Whether the entry serves as the view of its member. */
export const isView = ({ kind, reported }: RingEntry): boolean => kind === 'reading' && reported.length > 0
