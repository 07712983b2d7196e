/** What one engine shares among its parts while it applies an entry. */
import type { Sample } from '../conditions/condition.ts'
import type { Scope } from '../expression/scope.ts'
import type { HubOutage } from './hub-outage.ts'
import type { Message } from './ring-entry.ts'
import type { Timers } from './timers.ts'
import type { RingEntry, RuleInstance, Timeline, Transition, View } from './types.ts'

export interface ScheduledTimer {
  /** Hub clock, ms. */
  readonly due: number
  readonly timeline: Timeline
  readonly instance: RuleInstance
  /** Another one of its timeline. */
  next: ScheduledTimer | null
}

/** What the reading that is being judged is to its member. */
export interface ReadingDelta {
  /** What was known before it. */
  previous: View
  /** Masks of the slots that it tells, and of those that were otherwise before. */
  reportedMask: number
  changedMask: number
  /** Before it, at least one of those slots was not told for so long (ms). */
  silence: number
}

export interface Run {
  /** Hub clock of the entry that is being applied, ms. */
  now: number
  /** Its place in the journal. */
  seq: number
  hubOutage: HubOutage | undefined
  readonly timers: Timers<ScheduledTimer>
  /** A device told other static facts: other rules may be about it. */
  metaChanged: boolean
  /** Reused for every reading, as is `message`. */
  readonly delta: ReadingDelta
  readonly message: { -readonly [K in keyof Message]: Message[K] }
  /** Reused for every judgement. */
  readonly scope: Scope
  /** Reused likewise, with `scope` in it. */
  readonly sample: { -readonly [K in keyof Sample]: Sample[K] }
  /** Reused for looking at newest values at a timer. */
  readonly timerScope: Scope
  /** Where transitions go while the past is judged again; otherwise they are told at once. */
  replayed: Transition[] | undefined
  /** Meanwhile: silences that were told, and so were waited for, whatever was heard since; see `waitedFor`. */
  elapsed: ReadonlySet<string>
  emit(timeline: Timeline, transition: Transition): void
  /** A rule threw on one subject; the others go on. */
  failed(what: { readonly rule: string; readonly subject: string }, error: unknown): void
  /** Ids of episodes that were ended from outside when a snapshot was taken over; a new one must not look like them. */
  usedEpisodeIds: ReadonlySet<string>
  /** An entry that its ring has forgotten, for the next reading; nobody else holds it. */
  recycled: RingEntry | null
  /** Snapshots that are being written out: what they hold is not used again. */
  openSnapshots: number
  /** Timelines whose row must be written; each once. */
  readonly dirtyTimelines: Timeline[]
  markDirty(timeline: Timeline): void
}
