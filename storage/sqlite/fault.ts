/** What an error of SQLite means for what may be done next. */

/**
 * `full` no space: nothing was stored, later writes may work again;
 * `busy` another process holds the file, or memory is short: nothing was stored, later writes may work;
 * `io` the disk failed: what is on it is unknown, so nothing may be written any more (a failed fsync must not be tried again:
 *   the kernel has dropped the dirty pages and the second fsync would lie);
 * `corrupt` the file is damaged or is not what it should be;
 * `statement` the statement itself was wrong (constraint, syntax): a fault of the caller, the file is well.
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

/** SQLITE_IOERR_SHMSIZE: the shared index of the log, which is rebuilt at need and holds no data, found no space. */
const shmSize = 4874

/** An error of the database, with what it means. */
export class SqliteFault extends Error {
  readonly kind: FaultKind

  constructor(kind: FaultKind, message: string) {
    super(message)
    this.name = 'SqliteFault'
    this.kind = kind
  }
}

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

/** After these nothing may be written any more; the hub has to start again, and the operator to look. */
export function isFatal(kind: FaultKind): boolean {
  return kind === 'io' || kind === 'corrupt'
}
