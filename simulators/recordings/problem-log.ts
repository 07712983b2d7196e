/** Problems of a recording, counted by reason with the first examples, so that nothing is dropped silently. */

export interface ProblemCount {
  /** A fixed code, e.g. `broken-row`. */
  readonly reason: string
  readonly count: number
  /** The first few, as `file:line: text`. */
  readonly examples: readonly string[]
}

export interface ProblemLog {
  /** `found` is the offending text; it is truncated. */
  add(reason: string, place: string, found: string): void
  counts(): ProblemCount[]
}

const MAX_EXAMPLES = 5
const MAX_FOUND = 120

/** An empty log. */
export function createProblemLog(): ProblemLog {
  const byReason = new Map<string, { count: number; examples: string[] }>()
  return {
    add(reason, place, found) {
      const entry = byReason.get(reason) ?? { count: 0, examples: [] }
      byReason.set(reason, entry)
      entry.count++
      if (entry.examples.length < MAX_EXAMPLES) entry.examples.push(`${place}: ${found.slice(0, MAX_FOUND)}`)
    },
    counts: () => [...byReason].map(([reason, { count, examples }]) => ({ reason, count, examples })),
  }
}
