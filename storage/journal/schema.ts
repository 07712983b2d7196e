/** The journal's tables and statements. A row is a group of entries committed together. */
import type { QuarantineItem } from '../../model/ports/journal.ts'
import type { DatabaseFile } from '../sqlite/database-file.ts'
import type { Statement } from '../sqlite/protocol.ts'

/** Format of the rows; a journal of another format is refused. */
export const journalFormat = 1

const createSql = `
  CREATE TABLE groups (
    first_seq INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    first_received_at INTEGER NOT NULL,
    last_received_at INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    lines TEXT NOT NULL
  ) STRICT;
  CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY,
    received_at INTEGER NOT NULL,
    topic TEXT NOT NULL,
    device TEXT,
    reason TEXT NOT NULL,
    size INTEGER NOT NULL,
    payload BLOB NOT NULL
  ) STRICT;
  CREATE INDEX quarantine_device ON quarantine (device, id);
  CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO marks VALUES ('format', ${journalFormat}), ('trimmed', 0)`

/** Measured: 8 KiB pages use the least space for single entries and are within 10 % of the best for big groups. */
const pageSize = 8192

export function journalFile(path: string, maxBytes: number): DatabaseFile {
  return {
    path,
    applicationId: 0x4c4a4e4c,
    createSql,
    pageSize,
    checkUpTo: 256 * 1024 * 1024,
    maxPages: Math.ceil(maxBytes / pageSize),
  }
}

export interface GroupRow {
  readonly firstSeq: number
  readonly count: number
  readonly firstReceivedAt: number
  readonly lastReceivedAt: number
  /** UTF-8. */
  readonly lines: Uint8Array
}

export function insertGroup(row: GroupRow): Statement {
  return {
    sql: 'INSERT INTO groups VALUES (?1, ?2, ?3, ?4, crc32(?5), CAST(?5 AS TEXT))',
    parameters: [row.firstSeq, row.count, row.firstReceivedAt, row.lastReceivedAt, row.lines],
  }
}

export function insertQuarantined(item: QuarantineItem): Statement {
  return {
    sql: `INSERT INTO quarantine (received_at, topic, device, reason, size, payload) VALUES (?, ?, ?, ?, ?, ?)`,
    parameters: [item.receivedAt, item.topic, item.device, item.reason, item.size, item.payload],
  }
}

/** Ids have no gaps, so the newest `keep` are found by id. */
export function trimQuarantine(keep: number): Statement {
  return {
    sql: 'DELETE FROM quarantine WHERE id <= (SELECT max(id) FROM quarantine) - ?',
    parameters: [keep],
  }
}

export function oldestGroups(limit: number): Statement {
  return {
    sql: 'SELECT first_seq, count, last_received_at FROM groups ORDER BY first_seq LIMIT ?',
    parameters: [limit],
  }
}

/** Deletes groups up to `seq`; the mark prevents numbers from being reused when no group is left. */
export function trimGroups(seq: number): Statement[] {
  return [
    { sql: 'DELETE FROM groups WHERE first_seq <= ?', parameters: [seq] },
    { sql: `UPDATE marks SET value = ? WHERE name = 'trimmed'`, parameters: [seq] },
  ]
}
