/** Data of the engine: devices, and one timeline per subject with the state of every rule on it. */
import type { FieldValues } from '../../model/device-type.ts'
import type { FindingChange } from '../../model/finding.ts'
import type { Device } from '../../model/ports/directory.ts'
import type { Severity } from '../../model/severity.ts'
import type { Text } from '../../model/text.ts'
import type { DeviceChannel } from '../../model/topics.ts'
import type { CompiledRule } from '../compile/compiled-rule.ts'
import type { Due, MemberFacts, Subject } from '../conditions/condition.ts'
import type { LinkFacts } from '../conditions/link-facts.ts'
import type { Location } from '../expression/location.ts'
import type { Layout, Value } from '../expression/scope.ts'
import type { LinkState } from './evaluate/link-quality.ts'

/** Lateness window (event time, ms): a reading within it is sorted into its place. */
export const lateness = 300_000
/** Most entries of one ring; a device that sends more than this in 5 min has a shorter window. */
export const ringSize = 256

/** A device with its liveness by the hub's clock and its link state. */
export interface DeviceRecord extends LinkState {
  device: Device
  readonly knownSince: number
  lastSeenAt: number | undefined
  /** Hub clock, ms: when a reading too old for the ring arrived; more of the backlog is likely on its way. */
  backlogAt?: number
  /** Static facts: the registry's, completed by what the device reported in `meta`. */
  meta: FieldValues
  reportedMeta: FieldValues
  /** The timelines that evaluate its readings. */
  memberships: readonly Member[]
  /** Values of its newest reading, by slot; shared by readings with the same values. */
  reported: readonly Value[]
  dirty: boolean
}

/** Newest known values of one member, by slot. Immutable. */
export interface View {
  readonly slots: readonly Value[]
  /** Event time (ms) of all values, or of the newest; 0 = never. */
  readonly ts: number
  /** Event time of each value, when some are older than that. */
  readonly at: readonly number[] | undefined
  /** Some rule has not evaluated these values: the next reading counts as changed, whatever it reports. */
  readonly isUnevaluated?: boolean
}

/** One rule on a timeline; shared by all single-device timelines of one type with the same rules. */
export interface RuleInstance {
  readonly rule: CompiledRule
  /** Cell of the condition's state. */
  readonly cell: number
  /** First cell of the signals: one per member and signal. */
  readonly signalCell: number
  /** Cell of the open episode. */
  readonly episodeCell: number
  /** Change mask of the fields that the rule reads, by member. */
  readonly masks: readonly number[]
  /** Members that the rule is about (`where`). */
  readonly concerns: readonly boolean[]
  /** Current signal values; reused. */
  readonly signals: (boolean | undefined)[]
}

/** Cells of the rules of a timeline; shared by all single-device timelines of one type with the same rules. */
export interface CellLayout {
  readonly instances: readonly RuleInstance[]
  readonly hubInstances: readonly RuleInstance[]
  /** Number of cells allocated at the start. */
  readonly cells: number
}

export interface Timeline extends Subject {
  readonly key: string
  /** Digest of what the timeline was built from; when it differs the timeline is rebuilt. */
  readonly signature: string
  readonly members: readonly Member[]
  /** Evaluated in event time, with a ring. */
  readonly instances: readonly RuleInstance[]
  /** Evaluated in order of arrival, without a ring. */
  readonly hubInstances: readonly RuleInstance[]
  /**
   * States first, then signals, because every reading needs them. Cells of episodes come last and exist once one was
   * open.
   */
  readonly cells: unknown[]
  /** Head of the list of current timers, one per waiting rule. */
  timers: ScheduledTimer | null
  readonly ring: Ring
  /** Newest event time of a reading, ms. */
  newestTs: number
  /** Event time (ms) of the newest reading that left the ring; no reading is inserted before it. */
  watermark: number
  /** Event time (ms) before which no timer of `instances` is due; Infinity = none, NaN = unknown. */
  nextDue: number
  dirty: boolean
}

/**
 * Value of a cell before an entry changed it; a linked list, newest first, because most entries change one or two.
 */
export interface Undo {
  readonly cell: number
  readonly value: unknown
  readonly earlier: Undo | null
}

/** `late` = a reading too late for its place that counts as evidence; `timer` = a timer that fired. */
export type EntryKind = 'reading' | 'late' | 'offline' | 'timer'

export interface RingEntry {
  readonly kind: EntryKind
  readonly channel: DeviceChannel
  readonly member: number
  readonly ts: number
  /**
   * ms added to `ts` to sort the entry; 0 except for entries without a place of their own in event time. See `posOf`.
   */
  shift: number
  /** Hub time minus event time, ms. */
  readonly delay: number
  readonly reported: readonly Value[]
  /** Telemetry values known after this entry: it serves as the view of its member. */
  slots: readonly Value[]
  at: readonly number[] | undefined
  readonly event: string
  readonly messageSeq: number | undefined
  /** Only for rules in hub time. */
  readonly link?: LinkFacts
  /** Only for timers: the rule, and what was due. */
  readonly due?: Due
  readonly rule?: string
  undo: Undo | null
  transitions: Transition[] | null
  /** Neighbours in the ring. */
  earlier: RingEntry | null
  later: RingEntry | null
}

/** One published episode. Its id stays, also when late data moves its beginning. */
export interface Episode {
  id: string
  readonly startedAt: number
  readonly raisedAt: number
  readonly severity: Severity
  /** Only a person can clear it. */
  readonly byPerson?: true
}

/** An open episode without a timeline, because its device or rule is gone; it will be ended. */
export interface OrphanedEpisode {
  readonly episode: Episode
  readonly rule: string
  readonly device: string
  /** Hub clock, ms: the last instant at which the episode was known to be open. */
  readonly at: number
  /** The rule still exists, but with another condition. */
  readonly changed?: true
}

export interface Transition {
  readonly rule: string
  readonly change: FindingChange
  readonly episode: Episode
  readonly at: number
  readonly ended: boolean
  readonly reason: Text
  readonly evidence: FieldValues
  readonly device: string
  readonly lateBy?: number
}

export interface ScheduledTimer {
  /** Hub clock, ms. */
  readonly due: number
  readonly timeline: Timeline
  readonly instance: RuleInstance
  /** Next one in the list of its timeline. */
  next: ScheduledTimer | null
}

/** How the current reading differs from what was known of its member. */
export interface ReadingDelta {
  /** The view before it. */
  previous: View
  /** Masks of the slots it reports, and of those whose value changed. */
  reportedMask: number
  changedMask: number
  /** Longest time (ms) since one of the reported slots was last reported. */
  silence: number
}

/** One device in one timeline: its facts for conditions and its newest values. */
export interface Member extends MemberFacts {
  readonly record: DeviceRecord
  /** Set by `createTimeline`. */
  timeline: Timeline
  /** Index among the members of the timeline. */
  readonly index: number
  readonly layout: Layout
  readonly location: Location
  view: View
  /** View before the oldest entry of the ring; owned by this member, and overwritten when that entry is removed. */
  base: { -readonly [K in keyof View]: View[K] }
  /** Newest event time of this member, ms. */
  newestTs: number
  /** While its readings are too late: how far behind (ms) the first of them was, and when (hub clock, ms). */
  behind: { readonly by: number; readonly since: number } | undefined
}

/** The last minutes of a timeline in order. */
export interface Ring extends Iterable<RingEntry> {
  readonly first: RingEntry | null
  readonly last: RingEntry | null
  readonly length: number
  append(entry: RingEntry): void
  /** `place` must be in the ring. */
  insertBefore(place: RingEntry, entry: RingEntry): void
  /** Removes the oldest entry. */
  shift(): void
  clear(): void
  /** Removes `place` and all later entries; returns them, oldest first. */
  cutFrom(place: RingEntry): RingEntry[]
}
