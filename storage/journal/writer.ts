/** Writes groups to disk, numbers their entries, and keeps the newest in memory. */
import { stopwatch } from '../../model/clock.ts'
import type { Entry, Journaled } from '../../model/entry.ts'
import type { Logger } from '../../model/ports/logger.ts'
import type { Metrics } from '../../model/ports/metrics.ts'
import { isFatal, SqliteFault } from '../sqlite/fault.ts'
import type { Statement } from '../sqlite/protocol.ts'
import type { SqliteThread } from '../sqlite/thread.ts'
import type { Group, Outcome } from './group-commit.ts'
import type { Ring } from './ring.ts'
import { insertGroup, insertQuarantined, trimQuarantine } from './schema.ts'

export interface Writer {
  /** Oldest and newest durable seq; `first` 0 = empty. */
  readonly state: { first: number; last: number }
  /** Never rejects. */
  commit(group: Group): Promise<Outcome>
}

export interface WriterDeps {
  readonly thread: SqliteThread
  readonly logger: Logger
  readonly metrics: Metrics
  readonly ring: Ring
  readonly onAppended: () => void
  /** Oldest and newest seq at the start. */
  readonly first: number
  readonly last: number
  readonly maxQuarantined: number
}

/** Entries are numbered at the commit, so a failed group leaves no gap. */
export function createWriter(deps: WriterDeps): Writer {
  const state = { first: deps.first, last: deps.last }
  const meters = createMeters(deps.metrics)

  async function commit(group: Group): Promise<Outcome> {
    const firstSeq = state.last + 1
    const elapsed = stopwatch()
    try {
      const lines = group.text.bytes()
      const statements = statementsOf({ group, lines, firstSeq, maxQuarantined: deps.maxQuarantined })
      const results = await deps.thread.batch(statements, [lines.buffer])
      meters.seconds.observe(elapsed())
      if (group.quarantine.length > 0) meters.dropped.add({}, results.at(-1)?.changes ?? 0)
      stored(group, firstSeq)
      return { stored: true, firstSeq }
    } catch (error) {
      return failed(error)
    }
  }

  function stored(group: Group, firstSeq: number): void {
    const { entries } = group
    if (entries.length === 0) return
    for (let i = 0; i < entries.length; i++)
      deps.ring.push({ ...(entries[i] as Entry), seq: firstSeq + i } as Journaled)
    state.last = firstSeq + entries.length - 1
    if (state.first === 0) state.first = firstSeq
    meters.entries.add({}, entries.length)
    deps.onAppended()
  }

  function failed(error: unknown): Outcome {
    const kind = error instanceof SqliteFault ? error.kind : 'statement'
    const reason = error instanceof Error ? error.message : String(error)
    const final = isFatal(kind)
    meters.failures.add({ reason: kind })
    deps.logger.error({ kind, reason, final }, 'the journal could not store a group')
    return { stored: false, reason, final }
  }

  return { state, commit }
}

interface Row {
  readonly group: Group
  readonly lines: Uint8Array
  readonly firstSeq: number
  readonly maxQuarantined: number
}

function statementsOf({ group, lines, firstSeq, maxQuarantined }: Row): Statement[] {
  const { entries, quarantine } = group
  const statements: Statement[] = []
  const [first, last] = [entries[0], entries.at(-1)]
  if (first && last)
    statements.push(
      insertGroup({
        firstSeq,
        count: entries.length,
        firstReceivedAt: first.receivedAt,
        lastReceivedAt: last.receivedAt,
        lines,
      }),
    )
  for (const item of quarantine) statements.push(insertQuarantined(item))
  if (quarantine.length > 0) statements.push(trimQuarantine(maxQuarantined))
  return statements
}

function createMeters(metrics: Metrics) {
  return {
    entries: metrics.counter('linli_journal_entries_total', 'Entries stored'),
    failures: metrics.counter('linli_journal_failures_total', 'Groups that could not be stored', ['reason']),
    dropped: metrics.counter('linli_quarantine_dropped_total', 'Oldest quarantined messages dropped'),
    seconds: metrics.histogram(
      'linli_journal_commit_seconds',
      'Time of a group commit, fsync included',
      [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    ),
  }
}
