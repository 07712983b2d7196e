/** What every store needs: documents as text, many rows in few statements, several statements as one. */
import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables> | Transaction<Tables>

/** Rows of one insert; with the widest table far below the 32,766 parameters of SQLite. */
const CHUNK = 500

export function toDoc(value: object): string {
  return JSON.stringify(value)
}

export function fromDoc<T>(row: { readonly doc: string }): T {
  return JSON.parse(row.doc) as T
}

/** Undefined stays undefined. */
export function fromOptionalDoc<T>(row: { readonly doc: string } | undefined): T | undefined {
  return row && fromDoc<T>(row)
}

export function chunksOf<T>(items: readonly T[]): T[][] {
  const chunks: T[][] = []
  for (let start = 0; start < items.length; start += CHUNK) chunks.push(items.slice(start, start + CHUNK))
  return chunks
}

/** In the running transaction, or in one of its own. */
export function atomically<T>(db: Db, work: (db: Db) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}
