/**
 * Devices and timelines as they stand at one instant: they are written out afterwards, piece by piece, while judging goes on.
 * States, values and facts are never changed once they are made, so only what points at them is copied.
 */
import type { Member } from './member.ts'
import type { DeviceRecord, RingEntry, Timeline, View } from './types.ts'

export type StillDevice = Pick<
  DeviceRecord,
  'knownSince' | 'lastSeenAt' | 'backlogAt' | 'told' | 'wrongClock' | 'numbers'
>

export interface StillEntry extends Pick<RingEntry, 'undo' | 'said'> {
  /** Of it only what stays as it is may be read. */
  readonly entry: Omit<RingEntry, 'undo' | 'said' | 'slots' | 'at' | 'earlier' | 'later'>
}

export interface StillMember extends Pick<Member, 'newest' | 'behind'> {
  readonly member: Pick<Member, 'record' | 'layout'>
  readonly view: View
  /** The very view when nothing of the ring came after it. */
  readonly base: View
}

export interface StillTimeline extends Pick<Timeline, 'cells' | 'newest' | 'horizon'> {
  /** Of it only what it was built from may be read. */
  readonly timeline: Pick<Timeline, 'key' | 'signature' | 'instances' | 'hubInstances' | 'members'>
  readonly members: readonly StillMember[]
  /** Oldest first. Its entries must not be used again before it is written. */
  readonly ring: readonly StillEntry[]
}

export function stillDevice(record: DeviceRecord): StillDevice {
  const { knownSince: since, lastSeenAt: heardAt, backlogAt, told, wrongClock, numbers } = record
  return {
    knownSince: since,
    lastSeenAt: heardAt,
    ...(backlogAt !== undefined && { backlogAt }),
    told,
    ...(wrongClock && { wrongClock }),
    ...(numbers && { numbers: { ...numbers } }),
  }
}

export function stillTimeline(timeline: Timeline): StillTimeline {
  const ring: StillEntry[] = []
  for (let entry = timeline.ring.first; entry; entry = entry.later) {
    const { undo, said } = entry
    ring.push({ entry, undo, said })
  }
  const { cells, newest, horizon } = timeline
  return { timeline, cells: cells.slice(), newest, horizon, members: timeline.members.map(stillMember), ring }
}

function stillMember(member: Member): StillMember {
  const { newest, behind } = member
  const view = stillView(member.view)
  return { member, newest, behind, view, base: member.base === member.view ? view : stillView(member.base) }
}

const stillView = ({ slots, ts, at, isUnjudged }: View): View => ({
  slots,
  ts,
  at,
  ...(isUnjudged && { isUnjudged }),
})
