/** Reads a journal while it is being written, from any thread or process, on a read-only connection of its own. */
import { DatabaseSync } from 'node:sqlite'
import type { Journaled } from '../../model/entry.ts'
import { LinliError } from '../../model/errors.ts'
import type { QuarantineItem } from '../../model/ports/journal.ts'
import { faultOf } from '../sqlite/fault.ts'
import { checksum, decodeEntry, splitLines } from './codec.ts'
import { journalFormat } from './schema.ts'

/** Consecutive entries. */
export interface JournalPage {
  readonly firstSeq: number
  readonly lastSeq: number
  /** Decoded while they are iterated, so that none stays in memory longer than needed; may be iterated again. */
  readonly entries: Iterable<Journaled>
}

export interface JournalReader {
  /** As `read`; undefined when there is nothing after `after`. */
  page(after: number, limit: number): JournalPage | undefined
  /** Entries with seq > `after`, in order, at most `limit`, durable ones only. Throws STORAGE_CORRUPT. */
  read(after: number, limit: number): Journaled[]
  /** Newest durable seq; the last trimmed one when the journal was trimmed empty; 0 when it never had any. */
  lastSeq(): number
  /** Oldest seq stored; 0 when empty. */
  firstSeq(): number
  /** Newest first; of one device if given. */
  quarantined(query: { device?: string; limit: number }): QuarantineItem[]
  close(): void
}

interface Group {
  readonly firstSeq: number
  readonly lines: readonly string[]
}

/** Opens an existing journal. Throws STORAGE_CORRUPT. */
export function openJournalReader(path: string): JournalReader {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
    return createReader(database, path)
  } catch (error) {
    if (database?.isOpen) database.close()
    if (error instanceof LinliError) throw error
    throw corrupt(path, faultOf(error).message)
  }
}

/** Lines `start` to `until` (exclusive) of a group. */
interface Slice extends Group {
  readonly start: number
  readonly until: number
}

function* decodeSlices(slices: readonly Slice[]): Generator<Journaled> {
  for (const { firstSeq, lines, start, until } of slices)
    for (let i = start; i < until; i++) yield decodeEntry(lines[i] ?? '', firstSeq + i)
}

function createReader(database: DatabaseSync, path: string): JournalReader {
  const { value: format } = database.prepare(`SELECT value FROM marks WHERE name = 'format'`).get() ?? {}
  if (format !== journalFormat) throw corrupt(path, `its format ${format} is not ${journalFormat}`)
  const ends = database.prepare(
    `SELECT (SELECT min(first_seq) FROM groups) AS first,
      (SELECT first_seq + count - 1 FROM groups ORDER BY first_seq DESC LIMIT 1) AS last,
      (SELECT value FROM marks WHERE name = 'trimmed') AS trimmed`,
  )
  const groups = createGroups(database, path)

  function page(after: number, limit: number): JournalPage | undefined {
    const slices: Slice[] = []
    let left = limit
    for (const { firstSeq, lines } of left > 0 ? groups.from(after + 1) : []) {
      const start = Math.max(0, after + 1 - firstSeq)
      const until = Math.min(lines.length, start + left)
      slices.push({ firstSeq, lines, start, until })
      left -= until - start
      if (left <= 0) break
    }
    const [first, last] = [slices[0], slices.at(-1)]
    if (!first || !last) return undefined
    return {
      firstSeq: first.firstSeq + first.start,
      lastSeq: last.firstSeq + last.until - 1,
      entries: { [Symbol.iterator]: () => decodeSlices(slices) },
    }
  }
  const read = (after: number, limit: number): Journaled[] => [...(page(after, limit)?.entries ?? [])]

  return {
    page,
    read,
    lastSeq: () => {
      const row = ends.get()
      return Number(row?.last ?? row?.trimmed ?? 0)
    },
    firstSeq: () => Number(ends.get()?.first ?? 0),
    quarantined: createQuarantined(database),
    close() {
      if (database.isOpen) database.close()
    },
  }
}

/**
 * Finds and checks groups. The last one is cached, because a reader continues inside it or behind it. Groups come from the
 * one that contains `seq` on, or from the oldest when `seq` was trimmed.
 */
function createGroups(database: DatabaseSync, path: string) {
  const columns = 'first_seq, count, crc, lines'
  const following = database.prepare(`SELECT ${columns} FROM groups WHERE first_seq >= ? ORDER BY first_seq`)
  const containing = database.prepare(
    `SELECT ${columns} FROM groups
      WHERE first_seq >= coalesce((SELECT max(first_seq) FROM groups WHERE first_seq <= ?), 0) ORDER BY first_seq`,
  )
  const oldest = database.prepare('SELECT min(first_seq) AS first FROM groups')
  let cached: Group | undefined

  /** Undefined for a group that ends before `expected`. */
  function readGroup(row: Row, expected: number): Group | undefined {
    const firstSeq = Number(row.first_seq)
    if (firstSeq + Number(row.count) <= expected) return undefined
    // The open statement pins the snapshot, so the oldest group is read from the same state of the file.
    if (firstSeq > expected && firstSeq !== oldest.get()?.first)
      throw corrupt(path, `entry ${expected} is missing`)
    return checked(firstSeq, row, path)
  }

  function* from(seq: number): Generator<Group> {
    let expected = seq
    const continues = cached !== undefined && seq >= cached.firstSeq && seq <= endOf(cached) + 1
    if (cached && continues && seq <= endOf(cached)) {
      expected = endOf(cached) + 1
      yield cached
    }
    for (const row of (continues ? following : containing).iterate(expected)) {
      const group = readGroup(row, expected)
      if (!group) continue
      cached = group
      expected = endOf(group) + 1
      yield group
    }
  }

  return { from }
}

type Row = Readonly<Record<string, unknown>>

const endOf = ({ firstSeq, lines }: Group): number => firstSeq + lines.length - 1

function checked(firstSeq: number, row: Row, path: string): Group {
  const text = String(row.lines)
  if (checksum(text) !== row.crc) throw corrupt(path, `the checksum of group ${firstSeq} is wrong`)
  const lines = splitLines(text)
  if (lines.length !== row.count) throw corrupt(path, `group ${firstSeq} does not have ${row.count} entries`)
  return { firstSeq, lines }
}

function createQuarantined(database: DatabaseSync): JournalReader['quarantined'] {
  const columns = 'received_at, topic, device, reason, size, payload'
  const all = database.prepare(`SELECT ${columns} FROM quarantine ORDER BY id DESC LIMIT ?`)
  const ofDevice = database.prepare(
    `SELECT ${columns} FROM quarantine WHERE device = ? ORDER BY id DESC LIMIT ?`,
  )
  return ({ device, limit }) => {
    const rows = device === undefined ? all.all(limit) : ofDevice.all(device, limit)
    return rows.map((row) => ({
      receivedAt: Number(row.received_at),
      topic: String(row.topic),
      device: row.device === null ? null : String(row.device),
      reason: String(row.reason),
      size: Number(row.size),
      payload: row.payload as Uint8Array,
    }))
  }
}

function corrupt(path: string, what: string): LinliError {
  return new LinliError('STORAGE_CORRUPT', `The journal ${path} is damaged: ${what}`)
}
