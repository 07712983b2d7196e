/** The engine cannot be reached now, or says "later": the caller keeps its place in the journal, waits and repeats. */
import { LinliError } from '../../model/errors.ts'

export class HistoryUnavailable extends LinliError {
  /** How long the engine asked to be left alone, ms; undefined when it said nothing. */
  readonly retryAfter: number | undefined

  constructor(message: string, options: { cause?: unknown; retryAfter?: number } = {}) {
    super('HISTORY_UNAVAILABLE', message, { cause: options.cause })
    this.name = 'HistoryUnavailable'
    this.retryAfter = options.retryAfter
  }
}

/** The words of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
