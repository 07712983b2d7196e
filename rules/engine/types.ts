/** What the engine keeps: devices, and one timeline a subject with the state of every rule on it. */
import type { FieldValues } from '../../model/device-type.ts'
import type { FindingChange } from '../../model/finding.ts'
import type { Device } from '../../model/ports/directory.ts'
import type { Severity } from '../../model/severity.ts'
import type { Text } from '../../model/text.ts'
import type { DeviceChannel } from '../../model/topics.ts'
import type { CompiledRule } from '../compile/compiled-rule.ts'
import type { Due, Subject } from '../conditions/condition.ts'
import type { LinkFacts } from '../conditions/link-facts.ts'
import type { Value } from '../expression/scope.ts'
import type { LinkState } from './link-quality.ts'
import type { Member } from './member.ts'
import type { Ring } from './ring.ts'
import type { ScheduledTimer } from './run.ts'

/** How late (event time, ms) a reading may be and still be put in its place. */
export const lateness = 300_000
/** Most entries kept of one timeline; a device faster than this in 5 min has a shorter window. */
export const ringSize = 256

/** What the hub's clock knows of a device. */
/** With what is noted of its messages in order of arrival. */
export interface DeviceRecord extends LinkState {
  device: Device
  readonly knownSince: number
  lastSeenAt: number | undefined
  /** When a reading came that was too old for the ring: more that was kept for the hub is likely on its way. */
  backlogAt?: number
  /** Static facts: the registry's, completed by what the device told in `meta`. */
  meta: FieldValues
  reportedMeta: FieldValues
  /** Where what it tells is judged. */
  memberships: readonly Member[]
  /** What its newest reading told, by slot; shared by readings that tell the same. */
  reported: readonly Value[]
  dirty: boolean
}

/** Newest known values of one member after a reading of it, by slot. Not changed once it is made. */
export interface View {
  readonly slots: readonly Value[]
  /** Event time (ms) at which all of them were told; 0 = never. */
  readonly ts: number
  /** Of each, when some are older than that reading. */
  readonly at: readonly number[] | undefined
  /** Some rule has not judged it: the reading after it is news, whatever it tells. */
  readonly isUnevaluated?: boolean
}

/** One rule on a timeline; the same object on all timelines of single devices of one type with the same rules. */
export interface RuleInstance {
  readonly rule: CompiledRule
  /** The cell of its condition's state. */
  readonly cell: number
  /** The first cell of its signals, one a member and signal. */
  readonly signalCell: number
  /** The cell of its open episode. */
  readonly episodeCell: number
  /** Change mask of what the rule reads, by member. */
  readonly masks: readonly number[]
  /** Members that the rule is about (`where`). */
  readonly concerns: readonly boolean[]
  /** Values of its signals, reused. */
  readonly signals: (boolean | undefined)[]
}

/** Where the rules of a timeline keep their state; the same for all single devices of one type with the same rules. */
export interface CellLayout {
  readonly instances: readonly RuleInstance[]
  readonly hubInstances: readonly RuleInstance[]
  /** How many cells are there from the beginning. */
  readonly cells: number
}

export interface Timeline extends Subject {
  readonly key: string
  /** A digest of what it was built from; another one means building it anew. */
  readonly signature: string
  readonly members: readonly Member[]
  /** Judged in event time, with a ring. */
  readonly instances: readonly RuleInstance[]
  /** Judged in order of arrival, without one. */
  readonly hubInstances: readonly RuleInstance[]
  /**
   * States first, then signals, because every reading needs them; the cells of episodes are last, and are there only when
   * one has been open.
   */
  readonly cells: unknown[]
  /** The newest timer of each rule that waits. */
  timers: ScheduledTimer | null
  readonly ring: Ring
  /** Newest event time of a reading. */
  newestTs: number
  /** Event time of the newest reading that has left the ring; nothing is put before it. */
  watermark: number
  /** Event time before which no timer of `instances` is due; Infinity = none, NaN = to be looked up. */
  nextDue: number
  dirty: boolean
}

/** A value of a cell before an entry changed it; a chain, newest first, because most entries change one or two. */
export interface Undo {
  readonly cell: number
  readonly value: unknown
  readonly earlier: Undo | null
}

/** `late` = evidence of a reading too late for its place; `mark` = a timer that fired. */
export type EntryKind = 'reading' | 'late' | 'offline' | 'timer'

export interface RingEntry {
  readonly kind: EntryKind
  readonly channel: DeviceChannel
  readonly member: number
  readonly ts: number
  /** How much later (ms) its place in the order is; 0, except for what has no place of its own. See `posOf`. */
  shift: number
  /** How much later (ms) it was received, by the hub's clock. */
  readonly delay: number
  readonly reported: readonly Value[]
  /** What is known after it, of telemetry: it is the view of its member then. */
  slots: readonly Value[]
  at: readonly number[] | undefined
  readonly event: string
  readonly messageSeq: number | undefined
  /** Of a message for rules in the hub's time. */
  readonly link?: LinkFacts
  /** For marks: which rule, and what came due. */
  readonly due?: Due
  readonly rule?: string
  undo: Undo | null
  transitions: Transition[] | null
  /** Its neighbours in the ring. */
  earlier: RingEntry | null
  later: RingEntry | null
}

/** One episode as it was told; the id is given once and stays, also when late data moves the beginning. */
export interface Episode {
  id: string
  readonly startedAt: number
  readonly raisedAt: number
  readonly severity: Severity
  /** A person says when it is over, nobody else. */
  readonly byPerson?: true
}

/** An open episode that no timeline carries on, because its device or rule is gone; to be told as ended. */
export interface OrphanedEpisode {
  readonly episode: Episode
  readonly rule: string
  readonly device: string
  /** Hub clock, ms: the last instant at which it was known to hold. */
  readonly at: number
  /** The rule is there still, but another condition now. */
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
