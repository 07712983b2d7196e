/** Forgets old groups, some at a time so that appends get in between. */
import type { SqliteThread } from '../sqlite/thread.ts'
import { oldestGroups, trimGroups } from './schema.ts'

export interface TrimLimits {
  readonly upTo: number
  readonly receivedBefore: number
}

/** Groups of one transaction; freeing the pages of a big group takes about a millisecond. */
const STEP = 64

/** Only whole groups, from the oldest on, stopping at the first that must stay. `upTo` 0 = nothing was forgotten. */
export async function trimJournal(
  thread: SqliteThread,
  limits: TrimLimits,
): Promise<{ count: number; upTo: number }> {
  let count = 0
  let upTo = 0
  for (;;) {
    const { rows } = await thread.run(oldestGroups(STEP))
    let taken = 0
    for (const row of rows) {
      const last = Number(row.first_seq) + Number(row.count) - 1
      if (last > limits.upTo || Number(row.last_received_at) >= limits.receivedBefore) break
      taken++
      count += Number(row.count)
      upTo = last
    }
    if (taken > 0) await thread.batch(trimGroups(upTo))
    if (taken < STEP) return { count, upTo }
  }
}
