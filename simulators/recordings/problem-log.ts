/** What was wrong with a recording: counted by reason, with the first places, so that nothing is dropped silently. */

export interface ProblemCount {
  /** A fixed word, e.g. `broken-row`. */
  readonly reason: string
  readonly count: number
  /** The first few, as `file:line: what was found`. */
  readonly examples: readonly string[]
}

export interface ProblemLog {
  /** `found` is the text at fault; it is cut. */
  add(reason: string, place: string, found: string): void
  counts(): ProblemCount[]
}

const MAX_EXAMPLES = 5
const MAX_FOUND = 120

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
