/**
 * Devices and timelines as of one instant, written afterwards piece by piece while evaluation continues. States,
 * values and facts are immutable, so only references to them are copied.
 */
import type { DeviceRecord, Member, RingEntry, Timeline, View } from '../types.ts'

export type FrozenDevice = Pick<
  DeviceRecord,
  'knownSince' | 'lastSeenAt' | 'backlogAt' | 'reportedMeta' | 'wrongClock' | 'numbers'
>

export interface FrozenEntry extends Pick<RingEntry, 'undo' | 'transitions'> {
  /** Only properties that never change may be read. */
  readonly entry: Omit<RingEntry, 'undo' | 'transitions' | 'slots' | 'at' | 'earlier' | 'later'>
}

export interface FrozenMember extends Pick<Member, 'newestTs' | 'behind'> {
  readonly member: Pick<Member, 'record' | 'layout'>
  readonly view: View
  /** The same object as `view` when no entry of the ring came after it. */
  readonly base: View
}

export interface FrozenTimeline extends Pick<Timeline, 'cells' | 'newestTs' | 'watermark'> {
  /** Only what the timeline was built from may be read. */
  readonly timeline: Pick<Timeline, 'key' | 'signature' | 'instances' | 'hubInstances' | 'members'>
  readonly members: readonly FrozenMember[]
  /** Oldest first. Its entries must not be recycled before the snapshot is written. */
  readonly ring: readonly FrozenEntry[]
}

export function freezeDevice(record: DeviceRecord): FrozenDevice {
  const { knownSince: since, lastSeenAt, backlogAt, reportedMeta, wrongClock, numbers } = record
  return {
    knownSince: since,
    lastSeenAt: lastSeenAt,
    ...(backlogAt !== undefined && { backlogAt }),
    reportedMeta,
    ...(wrongClock && { wrongClock }),
    ...(numbers && { numbers: { ...numbers } }),
  }
}

export function freezeTimeline(timeline: Timeline): FrozenTimeline {
  const ring: FrozenEntry[] = []
  for (let entry = timeline.ring.first; entry; entry = entry.later) {
    const { undo, transitions } = entry
    ring.push({ entry, undo, transitions })
  }
  const { cells, newestTs, watermark } = timeline
  return {
    timeline,
    cells: cells.slice(),
    newestTs,
    watermark,
    members: timeline.members.map(freezeMember),
    ring,
  }
}

function freezeMember(member: Member): FrozenMember {
  const { newestTs, behind } = member
  const view = freezeView(member.view)
  return {
    member,
    newestTs,
    behind,
    view,
    base: member.base === member.view ? view : freezeView(member.base),
  }
}

const freezeView = ({ slots, ts, at, isUnevaluated }: View): View => ({
  slots,
  ts,
  at,
  ...(isUnevaluated && { isUnevaluated }),
})
