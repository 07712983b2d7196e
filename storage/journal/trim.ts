/** Deletes old groups in small transactions, so that appends run in between. */
import type { StatementResult } from '../sqlite/protocol.ts'
import type { SqliteThread } from '../sqlite/thread.ts'
import { oldestGroups, trimGroups } from './schema.ts'

export interface TrimLimits {
  /** Newest seq that may be deleted. */
  readonly upTo: number
  /** Hub clock, ms; exclusive. */
  readonly receivedBefore: number
}

/** Limits of one transaction, for a duration of about 10 ms: many small groups, or few big ones. */
const MAX_GROUPS = 512
const MAX_ENTRIES = 16_384

/** Deletes whole groups from the oldest on, up to the first that must stay. `upTo` 0 = nothing was deleted. */
export async function trimJournal(
  thread: SqliteThread,
  limits: TrimLimits,
): Promise<{ count: number; upTo: number }> {
  let count = 0
  let upTo = 0
  for (;;) {
    const { rows } = await thread.run(oldestGroups(MAX_GROUPS))
    const step = deletablePrefix(rows.map(spanOf), limits)
    if (step.count === 0) return { count, upTo }
    await thread.batch(trimGroups(step.upTo))
    count += step.count
    upTo = step.upTo
  }
}

export interface GroupSpan {
  readonly last: number
  readonly count: number
  readonly lastReceivedAt: number
}

function spanOf(row: StatementResult['rows'][number]): GroupSpan {
  const count = Number(row.count)
  return { last: Number(row.first_seq) + count - 1, count, lastReceivedAt: Number(row.last_received_at) }
}

/** The oldest groups that one transaction may delete. */
export function deletablePrefix(
  groups: readonly GroupSpan[],
  limits: TrimLimits,
): { count: number; upTo: number } {
  let count = 0
  let upTo = 0
  for (const group of groups) {
    if (group.last > limits.upTo || group.lastReceivedAt >= limits.receivedBefore || count >= MAX_ENTRIES)
      break
    count += group.count
    upTo = group.last
  }
  return { count, upTo }
}
