/** The journal on SQLite: writer thread, group commit, newest entries in memory, older ones from the file. */
import { LinliError } from '../../model/errors.ts'
import type { Journal } from '../../model/ports/journal.ts'
import type { Logger } from '../../model/ports/logger.ts'
import type { Metrics } from '../../model/ports/metrics.ts'
import { SqliteFault } from '../sqlite/fault.ts'
import { openSqliteThread, type SqliteThread } from '../sqlite/thread.ts'
import { encodeEntry } from './codec.ts'
import { createGroupCommit, type GroupCommitLimits } from './group-commit.ts'
import { type JournalReader, openJournalReader } from './reader.ts'
import { createRing } from './ring.ts'
import { journalFile } from './schema.ts'
import { trimJournal } from './trim.ts'
import { createWriter } from './writer.ts'

export interface SqliteJournalOptions extends Partial<GroupCommitLimits> {
  readonly path: string
  /** Newest entries kept in memory; default 8,192 (about 8 MB). */
  readonly ring?: number
  /** Largest size of the file; when reached, appends fail until `trim` has freed space. 0 = no limit. */
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
/** A checkpoint copies the log into the file. Measured: half the duration of a commit, so not at each one. */
const CHECKPOINT_BYTES = 16 * 1024 * 1024
/** Newest entries whose checksums are verified at opening, because big files are not checked completely. */
const VERIFIED_AT_OPENING = 2_000

/** Opens or creates the journal. Rejects with STORAGE_CORRUPT (never starts empty over a damaged file) or JOURNAL_FAILED. */
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
    reader.read(Math.max(0, reader.lastSeq() - VERIFIED_AT_OPENING), VERIFIED_AT_OPENING)
    return createJournal({ ...options, thread, reader }, deps)
  } catch (error) {
    await thread.close()
    throw error
  }
}

interface OpenedFiles extends SqliteJournalOptions {
  readonly thread: SqliteThread
  readonly reader: JournalReader
}

function createJournal(opened: OpenedFiles, deps: SqliteJournalDeps): Journal {
  const { thread, reader } = opened
  const ring = createRing(opened.ring ?? 8_192)
  const listeners = createListeners(deps.logger)
  const writer = createWriter({
    ...deps,
    thread,
    ring,
    onAppended: listeners.call,
    first: reader.firstSeq(),
    last: reader.lastSeq(),
    maxQuarantined: opened.maxQuarantined ?? 10_000,
  })
  const { state } = writer
  const groups = createGroupCommit(writer.commit, {
    maxWaiting: opened.maxWaiting ?? 50_000,
    maxWaitingBytes: opened.maxWaitingBytes ?? 64 * 1024 * 1024,
    maxGroup: opened.maxGroup ?? 4_096,
  })
  deps.metrics.gauge('linli_journal_waiting', 'Messages waiting for the disk', () => groups.waiting())
  deps.metrics.gauge('linli_journal_last_seq', 'Newest durable entry', () => state.last)
  let trimming: Promise<unknown> = Promise.resolve()

  return {
    append: (entry) => groups.append(entry, encodeEntry(entry)),
    submit: (entry, receipt) => groups.submit(entry, encodeEntry(entry), receipt),
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

function createListeners(logger: Logger) {
  const listeners = new Set<() => void>()
  return {
    add(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** Listeners must not throw; an exception must not look like a failed commit. */
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
