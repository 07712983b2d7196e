/** State shared within one engine while it applies an entry. */
import type { Sample } from '../conditions/condition.ts'
import type { Scope } from '../expression/scope.ts'
import type { Message } from './reorder/ring-entry.ts'
import type { HubOutage } from './timers/hub-outage.ts'
import type { Timers } from './timers/timer-heap.ts'
import type {
  ReadingDelta,
  RingEntry,
  RuleInstance,
  ScheduledTimer,
  Timeline,
  Transition,
  View,
} from './types.ts'

export interface Run {
  /** Hub clock of the current entry, ms. */
  now: number
  /** Seq of the current entry in the journal. */
  seq: number
  hubOutage: HubOutage | undefined
  readonly timers: Timers<ScheduledTimer>
  /** A device reported new static facts, so other rules may apply to it. */
  metaChanged: boolean
  /** Reused for every reading, as is `message`. */
  readonly delta: ReadingDelta
  readonly message: { -readonly [K in keyof Message]: Message[K] }
  /** Reused for every evaluation. */
  readonly scope: Scope
  /** Reused for every evaluation; contains `scope`. */
  readonly sample: { -readonly [K in keyof Sample]: Sample[K] }
  /** Shared scope over newest values, for timers. */
  readonly timerScope: Scope
  /** Collects transitions during a reevaluation; undefined = they are published at once. */
  replayed: Transition[] | undefined
  /** During a reevaluation: silences that had elapsed before it, see `elapsedSilences`. */
  elapsed: ReadonlySet<string>
  emit(timeline: Timeline, transition: Transition): void
  /** Records a rule that threw an error on one subject; the others continue. */
  recordFailure(what: { readonly rule: string; readonly subject: string }, error: unknown): void
  /** Ids of episodes that end because of a restored snapshot; new episodes must not reuse them. */
  usedEpisodeIds: ReadonlySet<string>
  /** An entry that left its ring, free for the next reading; nothing else refers to it. */
  recycled: RingEntry | null
  /** Number of snapshots being written; their entries must not be recycled. */
  openSnapshots: number
  /** Timelines whose row must be written, each once. */
  readonly dirtyTimelines: Timeline[]
  markDirty(timeline: Timeline): void
}
