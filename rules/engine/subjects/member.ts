/** One device in one timeline: its facts for conditions and its newest values. A class, because there are many. */
import type { Device } from '../../../model/ports/directory.ts'
import type { Location } from '../../expression/location.ts'
import type { Layout } from '../../expression/scope.ts'
import type { DeviceRecord, Member, Timeline, View } from '../types.ts'

interface Placed {
  readonly record: DeviceRecord
  readonly index: number
  readonly layout: Layout
  readonly location: Location
  /** The view before the first reading; shared by all members with the same layout. */
  readonly unknown: View
}

export class TimelineMember implements Member {
  readonly record: DeviceRecord
  /** Set by `createTimeline`. */
  timeline!: Timeline
  /** Index among the members of the timeline. */
  readonly index: number
  readonly layout: Layout
  readonly location: Location
  view: View
  /** View before the oldest entry of the ring; owned by this member, and overwritten when that entry is removed. */
  base: { -readonly [K in keyof View]: View[K] }
  /** Newest event time of this member, ms. */
  newestTs = -1
  /** While its readings are too late: how far behind (ms) the first of them was, and when (hub clock, ms). */
  behind: { readonly by: number; readonly since: number } | undefined = undefined

  constructor({ record, index, layout, location, unknown }: Placed) {
    this.record = record
    this.index = index
    this.layout = layout
    this.location = location
    this.view = unknown
    this.base = layout.fields.length > 0 ? { ...unknown } : unknown
  }

  get device(): Device {
    return this.record.device
  }

  get lastSeenAt(): number | undefined {
    return this.record.lastSeenAt
  }

  get knownSince(): number {
    return this.record.knownSince
  }
}
