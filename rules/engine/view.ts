/** Newest known values of a device: readings are sparse, so what one does not tell is taken from those before it. */
import { type Layout, slotBit, type Value } from '../expression/scope.ts'
import type { Member } from './member.ts'
import type { News } from './run.ts'
import type { RingEntry, View } from './types.ts'

export const nothing: readonly Value[] = []

export function emptyView(layout: Layout): View {
  return { slots: layout.fields.map(() => undefined), ts: 0, at: undefined }
}

const atOf = ({ ts, at }: View, slot: number): number => (at ? (at[slot] as number) : ts)

/** As if nothing had been told later. */
export function notAfter({ slots, ts, at, isUnjudged }: View, latest: number): View {
  return { slots, ts: Math.min(ts, latest), at: at?.map((time) => Math.min(time, latest)), isUnjudged }
}

/** For rules that are new, judge otherwise, or have just forgotten what they knew. */
export function unjudged({ slots, ts, at }: View): View {
  return { slots, ts, at, isUnjudged: true }
}

/** Takes a reading of telemetry into the view of its member, and notes what it tells and changes. */
export function foldReading(news: News, member: Member, entry: RingEntry): void {
  const { view } = member
  const { own, ts } = entry
  news.former = view
  let changed = 0
  let told = 0
  let oldest = ts
  let isWhole = true
  for (let slot = 0; slot < own.length; slot += 1) {
    const value = own[slot]
    const former = view.slots[slot]
    if (value === undefined) {
      if (former !== undefined) isWhole = false
      continue
    }
    told |= slotBit(slot)
    if (value !== former) changed |= slotBit(slot)
    const at = atOf(view, slot)
    if (at < oldest) oldest = at
  }
  news.told = told
  news.changed = view.isUnjudged ? told : changed
  news.silence = ts - oldest
  // An event tells no values.
  if (own.length === 0) return
  entry.slots = isWhole ? own : own.map((value, slot) => value ?? view.slots[slot])
  entry.at = isWhole ? undefined : own.map((value, slot) => (value === undefined ? atOf(view, slot) : ts))
  member.view = entry
}

/** The view of its member, when the entry is the newest of the ring. */
export const isView = ({ kind, own }: RingEntry): boolean => kind === 'reading' && own.length > 0
