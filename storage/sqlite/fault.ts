/** Classifies errors of SQLite by whether later writes may work. */

/**
 * `full`: no space; nothing was stored, later writes may work.
 * `busy`: another process locks the file, or memory is short; nothing was stored, later writes may work.
 * `io`: the disk failed and its content is unknown, so nothing may be written any more. A failed fsync must not be
 *   retried: the kernel has dropped the dirty pages, and the second fsync would succeed without writing them.
 * `corrupt`: the file is damaged or of another kind.
 * `statement`: the statement was wrong (constraint, syntax); the file is intact.
 */
export type FaultKind = 'full' | 'busy' | 'io' | 'corrupt' | 'statement'

/** Primary result codes, https://www.sqlite.org/rescode.html */
const kindOfPrimary: Readonly<Record<number, FaultKind>> = {
  5: 'busy',
  6: 'busy',
  7: 'busy',
  8: 'io',
  10: 'io',
  11: 'corrupt',
  13: 'full',
  14: 'io',
  26: 'corrupt',
}

/** SQLITE_IOERR_SHMSIZE: no space for the index of the log, which contains no data and is rebuilt when needed. */
const shmSize = 4874

/** An error of the database with its kind. */
export class SqliteFault extends Error {
  readonly kind: FaultKind

  constructor(kind: FaultKind, message: string) {
    super(message)
    this.name = 'SqliteFault'
    this.kind = kind
  }
}

/** Classifies anything thrown by SQLite or by the file system. */
export function faultOf(error: unknown): SqliteFault {
  if (error instanceof SqliteFault) return error
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof Error && 'syscall' in error)
    return new SqliteFault('code' in error && error.code === 'ENOSPC' ? 'full' : 'io', message)
  const code = errorCode(error)
  if (code === undefined) return new SqliteFault('statement', message)
  if (code === shmSize) return new SqliteFault('full', message)
  return new SqliteFault(kindOfPrimary[code & 0xff] ?? 'statement', `${message} (SQLite ${code})`)
}

function errorCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode : undefined
}

/** After these nothing may be written until the hub has been restarted. */
export function isFatal(kind: FaultKind): boolean {
  return kind === 'io' || kind === 'corrupt'
}
