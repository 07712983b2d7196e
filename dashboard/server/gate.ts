/** Lets only so many pieces of work run at once; the rest wait in line, and a line that is too long is refused. */

export interface Gate {
  /** Runs `work` when it is its turn. Returns undefined, without running it, when the line is full. */
  run<T>(work: () => Promise<T>): Promise<{ readonly value: T } | undefined>
}

export function createGate(limits: { readonly atOnce: number; readonly waiting: number }): Gate {
  let running = 0
  const line: (() => void)[] = []
  return {
    async run(work) {
      if (running >= limits.atOnce) {
        if (line.length >= limits.waiting) return undefined
        await new Promise<void>((turn) => line.push(turn))
      } else {
        running++
      }
      try {
        return { value: await work() }
      } finally {
        // The place is handed on, not freed, so that nobody overtakes the line.
        const next = line.shift()
        if (next) next()
        else running--
      }
    },
  }
}
