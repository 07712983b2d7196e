/** Limits how many tasks run at once; further ones queue, and are refused when the queue is full. */

export interface ConcurrencyLimit {
  /** Runs `work` in its turn. Returns undefined without running it when the queue is full. */
  run<T>(work: () => Promise<T>): Promise<{ readonly value: T } | undefined>
}

export function createConcurrencyLimit(limits: {
  readonly atOnce: number
  readonly waiting: number
}): ConcurrencyLimit {
  let running = 0
  const queue: (() => void)[] = []
  return {
    async run(work) {
      if (running >= limits.atOnce) {
        if (queue.length >= limits.waiting) return undefined
        await new Promise<void>((turn) => queue.push(turn))
      } else {
        running++
      }
      try {
        return { value: await work() }
      } finally {
        // The slot passes to the next task directly, so that no newcomer overtakes the queue.
        const next = queue.shift()
        if (next) next()
        else running--
      }
    },
  }
}
