/** Messages between a database thread and its owner. */
import type { DatabaseFile } from './database-file.ts'
import type { FaultKind } from './fault.ts'

export type SqlValue = string | number | bigint | null | Uint8Array

export interface Statement {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

export interface StatementResult {
  readonly rows: readonly Readonly<Record<string, SqlValue>>[]
  /** Rows changed; 0 for a statement that returns rows. */
  readonly changes: number
}

export type Request =
  /** One statement as it is, `BEGIN` and `COMMIT` included. */
  | { readonly kind: 'run'; readonly id: number; readonly statement: Statement }
  /** All statements in one transaction. */
  | { readonly kind: 'batch'; readonly id: number; readonly statements: readonly Statement[] }
  | { readonly kind: 'close'; readonly id: number }

export interface FaultMessage {
  readonly kind: FaultKind
  readonly message: string
}

export type Reply =
  | { readonly id: number; readonly results: readonly StatementResult[] }
  | { readonly id: number; readonly fault: FaultMessage }

/** First message of the thread. */
export type Opened = { readonly opened: true } | { readonly opened: false; readonly fault: FaultMessage }

export interface ThreadData {
  readonly file: DatabaseFile
  /** The write-ahead log is checkpointed after this many bytes of parameters, between two requests. */
  readonly checkpointBytes: number
}
