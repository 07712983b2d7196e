/**
 * The rules engine: a pure function of the journal. For each entry it first fires every timer due at or before the
 * entry's `receivedAt`, then applies the entry. No clock, no I/O; the same entries give the same findings, live or not.
 */
import type { Entry, Journaled } from '../../model/entry.ts'
import type { Finding } from '../../model/finding.ts'
import type { RuleFailure } from './create-run.ts'
import { createCore, type EngineOptions } from './engine-core.ts'
import { advanceTo, processEntry } from './process-entry.ts'
import type { Placing } from './reorder/accept-entry.ts'
import { restoreRows, snapshotRows } from './snapshot/engine-snapshot.ts'
import type { SnapshotRow } from './snapshot/rows.ts'

export type { EngineOptions } from './engine-core.ts'

export interface EngineStats {
  readonly entries: number
  readonly placed: Readonly<Record<Placing, number>>
  readonly unknownDevices: number
  /** At most 100. */
  readonly failures: readonly RuleFailure[]
  readonly timers: number
  readonly timelines: number
}

export interface Engine {
  /** Returns the findings of this entry in order. */
  apply(entry: Journaled): Finding[]
  /** The same for an entry outside the journal; `seq` is used as if it came from there. */
  applyAs(seq: number, entry: Entry): Finding[]
  /** Fires timers due at or before `now` (hub clock, ms), as a tick does. */
  advance(now: number): Finding[]
  /** Hub time (ms) of the next timer; undefined = none. */
  nextDue(): number | undefined
  /** Rows that changed since the last call, as JSON texts; `null` = delete. */
  snapshot(): Map<string, string | null>
  /**
   * The same row by row, so that the caller can pause in between. Entries may be applied meanwhile; the rows are those
   * of this instant.
   */
  snapshotRows(): Iterable<SnapshotRow>
  /**
   * Restores rows of earlier snapshots, before the first entry. Findings up to seq `emittedUpTo` are already
   * published: episodes of removed devices or rules end with the first entry after it.
   */
  restore(rows: ReadonlyMap<string, string>, emittedUpTo?: number): void
  /** The same in small steps, so that the caller can pause in between; apply nothing before the last step. */
  restoring(rows: ReadonlyMap<string, string>, emittedUpTo?: number): Iterable<void>
  stats(): EngineStats
  /** Number of pairs of rule and device; rules of a group count once per member. Visits all timelines. */
  pairs(): number
}

export function createEngine(options: EngineOptions): Engine {
  const core = createCore(options)
  const { state, run, population } = core
  return {
    apply: (entry) => processEntry(core, entry.seq, entry),
    applyAs: (seq, entry) => processEntry(core, seq, entry),
    advance: (now) => advanceTo(core, now),
    nextDue: () => run.timers.peek()?.due,
    snapshot: () => new Map(snapshotRows(core)),
    snapshotRows: () => snapshotRows(core),
    restore(rows, emittedUpTo = 0) {
      for (const _ of restoreRows(core, rows, emittedUpTo));
    },
    restoring: (rows, emittedUpTo = 0) => restoreRows(core, rows, emittedUpTo),
    pairs: population.pairs,
    stats: () => ({
      entries: state.entries,
      placed: { ...state.placed },
      unknownDevices: state.unknownDevices,
      failures: [...state.failures.values()],
      timers: run.timers.size(),
      timelines: population.size(),
    }),
  }
}
