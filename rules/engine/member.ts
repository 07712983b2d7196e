/** One device in one timeline: what conditions know of it, and where what it tells is judged. A class, because there are many. */
import type { Device } from '../../model/ports/directory.ts'
import type { MemberFacts } from '../conditions/condition.ts'
import type { Location } from '../expression/location.ts'
import type { Layout } from '../expression/scope.ts'
import type { DeviceRecord, Timeline, View } from './types.ts'

interface Placed {
  readonly record: DeviceRecord
  readonly index: number
  readonly layout: Layout
  readonly location: Location
  /** As long as nothing was told; shared by all who have that layout. */
  readonly unknown: View
}

export class Member implements MemberFacts {
  readonly record: DeviceRecord
  /** Set when it is built. */
  timeline!: Timeline
  /** Its place among the members of the timeline. */
  readonly index: number
  readonly layout: Layout
  readonly location: Location
  view: View
  /** As it was before the oldest entry of the ring; its own, and overwritten when that one is forgotten. */
  base: { -readonly [K in keyof View]: View[K] }
  /** Newest event time of this member. */
  newestTs = -1
  /** Since its readings come too late for their place: by how much (ms) the first of them was behind, and when by the hub's clock. */
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
