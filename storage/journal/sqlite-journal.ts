/** The journal on SQLite: the writer in a thread, group commit, newest entries in memory, older ones read from the file. */
import { stopwatch } from '../../model/clock.ts'
import type { Entry, Journaled } from '../../model/entry.ts'
import { LinliError } from '../../model/errors.ts'
import type { Journal } from '../../model/ports/journal.ts'
import type { Logger } from '../../model/ports/logger.ts'
import type { Metrics } from '../../model/ports/metrics.ts'
import { isFatal, SqliteFault } from '../sqlite/fault.ts'
import type { Statement } from '../sqlite/protocol.ts'
import { openSqliteThread, type SqliteThread } from '../sqlite/thread.ts'
import { encodeEntry, joinLines } from './codec.ts'
import { createGroupCommit, type Group, type GroupCommitLimits, type Outcome } from './group-commit.ts'
import { type JournalReader, openJournalReader } from './reader.ts'
import { createRing, type Ring } from './ring.ts'
import { insertGroup, insertQuarantined, journalFile, trimQuarantine } from './schema.ts'
import { trimJournal } from './trim.ts'

export interface SqliteJournalOptions extends Partial<GroupCommitLimits> {
  readonly path: string
  /** Newest entries kept in memory; default 8,192 (about 8 MB). */
  readonly ring?: number
  /** The file grows no further than this; then appends fail until `trim` has made room. 0 = as far as the disk goes. */
  readonly maxBytes?: number
  /** Quarantined items kept; default 10,000. */
  readonly maxQuarantined?: number
}

export interface SqliteJournalDeps {
  readonly logger: Logger
  readonly metrics: Metrics
}

/** Bytes of a quarantined payload that are kept. */
const MAX_PAYLOAD = 4096
/** A checkpoint copies the log into the file; measured: half of the time of a commit, so not for every one. */
const CHECKPOINT_BYTES = 16 * 1024 * 1024
/** Newest entries whose checksums are tried at opening, in a file too big to be checked whole. */
const TRIED_AT_OPENING = 2_000

/** Opens or makes the journal. Rejects with STORAGE_CORRUPT (never starts empty over a damaged file) or JOURNAL_FAILED. */
export async function openSqliteJournal(
  options: SqliteJournalOptions,
  deps: SqliteJournalDeps,
): Promise<Journal> {
  const file = journalFile(options.path, options.maxBytes ?? 0)
  const thread = await openSqliteThread('journal', { file, checkpointBytes: CHECKPOINT_BYTES }).catch(
    (error) => {
      throw journalError(error)
    },
  )
  try {
    const reader = openJournalReader(options.path)
    reader.read(Math.max(0, reader.lastSeq() - TRIED_AT_OPENING), TRIED_AT_OPENING)
    return createJournal({ ...options, thread, reader }, deps)
  } catch (error) {
    await thread.close()
    throw error
  }
}

interface Parts extends SqliteJournalOptions {
  readonly thread: SqliteThread
  readonly reader: JournalReader
}

function createJournal(parts: Parts, deps: SqliteJournalDeps): Journal {
  const { thread, reader } = parts
  const ring = createRing(parts.ring ?? 8_192)
  const listeners = createListeners(deps.logger)
  const writer = createWriter(parts, { ...deps, ring, appended: listeners.call })
  const { state } = writer
  const groups = createGroupCommit(writer.commit, {
    maxWaiting: parts.maxWaiting ?? 50_000,
    maxWaitingBytes: parts.maxWaitingBytes ?? 64 * 1024 * 1024,
    maxGroup: parts.maxGroup ?? 4_096,
  })
  deps.metrics.gauge('linli_journal_waiting', 'Messages waiting for the disk', groups.waiting)
  deps.metrics.gauge('linli_journal_last_seq', 'Newest durable entry', () => state.last)
  let trimming: Promise<unknown> = Promise.resolve()

  return {
    append: (entry) => groups.append(entry, encodeEntry(entry)),
    quarantine: (item) => groups.quarantine({ ...item, payload: item.payload.slice(0, MAX_PAYLOAD) }),
    quarantined: async (query) => reader.quarantined(query),
    async read(after, limit) {
      const from = Math.max(after, state.first - 1, 0)
      const wanted = Math.min(limit, state.last - from)
      if (state.first === 0 || wanted <= 0) return []
      return ring.read(from, wanted) ?? reader.read(from, wanted)
    },
    lastSeq: () => state.last,
    firstSeq: () => state.first,
    onAppend: listeners.add,
    trim(upTo, receivedBefore) {
      const run = trimming.then(async () => {
        const trimmed = await trimJournal(thread, { upTo: Math.min(upTo, state.last), receivedBefore })
        if (trimmed.upTo > 0) state.first = trimmed.upTo < state.last ? trimmed.upTo + 1 : 0
        return trimmed.count
      })
      trimming = run.catch(() => {})
      return run.catch((error) => {
        throw journalError(error)
      })
    },
    async close() {
      await groups.close()
      await trimming
      reader.close()
      await thread.close()
    },
  }
}

interface WriterDeps extends SqliteJournalDeps {
  readonly ring: Ring
  readonly appended: () => void
}

/** Brings one group to disk and says how that ended; the numbers are given here, so a failed group leaves no gap. */
function createWriter({ thread, reader, maxQuarantined = 10_000 }: Parts, deps: WriterDeps) {
  const state = { first: reader.firstSeq(), last: reader.lastSeq() }
  const meters = createMeters(deps.metrics)

  async function commit(group: Group): Promise<Outcome> {
    const firstSeq = state.last + 1
    const elapsed = stopwatch()
    try {
      const results = await thread.batch(statementsOf(group, firstSeq, maxQuarantined))
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
    deps.appended()
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

function statementsOf(group: Group, firstSeq: number, maxQuarantined: number): Statement[] {
  const { entries, lines, quarantine } = group
  const statements: Statement[] = []
  const [first, last] = [entries[0], entries.at(-1)]
  if (first && last)
    statements.push(
      insertGroup({
        firstSeq,
        count: entries.length,
        firstReceivedAt: first.receivedAt,
        lastReceivedAt: last.receivedAt,
        lines: joinLines(lines),
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

function createListeners(logger: Logger) {
  const listeners = new Set<() => void>()
  return {
    add(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** They promise not to throw; one that does must not look like a failed commit. */
    call(): void {
      for (const listener of listeners) {
        try {
          listener()
        } catch (error) {
          logger.error({ error: String(error) }, 'a listener of the journal threw')
        }
      }
    },
  }
}

function journalError(error: unknown): LinliError {
  if (error instanceof LinliError) return error
  const damaged = error instanceof SqliteFault && error.kind === 'corrupt'
  const message = error instanceof Error ? error.message : String(error)
  return new LinliError(damaged ? 'STORAGE_CORRUPT' : 'JOURNAL_FAILED', message, { cause: error })
}
