/** Helpers of the stores: JSON documents, inserts in chunks, nested transactions. */
import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables> | Transaction<Tables>

/** Rows of one insert; even for the widest table far below SQLite's limit of 32,766 parameters. */
const CHUNK = 500

export function toDoc(value: object): string {
  return JSON.stringify(value)
}

export function fromDoc<T>(row: { readonly doc: string }): T {
  return JSON.parse(row.doc) as T
}

/** Undefined for a missing row. */
export function fromOptionalDoc<T>(row: { readonly doc: string } | undefined): T | undefined {
  return row && fromDoc<T>(row)
}

/** Chunks small enough for one statement. */
export function chunksOf<T>(items: readonly T[]): T[][] {
  const chunks: T[][] = []
  for (let start = 0; start < items.length; start += CHUNK) chunks.push(items.slice(start, start + CHUNK))
  return chunks
}

/** In the current transaction, or in a new one. */
export function atomically<T>(db: Db, work: (db: Db) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}
