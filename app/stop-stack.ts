/** What was started is stopped in reverse order, also after a start that failed half-way. */
import type { Logger } from '../model/ports/logger.ts'

export interface StopStack {
  /** Registers how to undo what was just done. */
  add(name: string, stop: () => Promise<unknown> | unknown): void
  /** Undoes everything, newest first; one that fails is logged and the others go on. */
  unwind(): Promise<void>
}

export function createStopStack(logger: Logger): StopStack {
  const steps: { readonly name: string; readonly stop: () => Promise<unknown> | unknown }[] = []
  return {
    add: (name, stop) => steps.push({ name, stop }),
    async unwind() {
      for (let step = steps.pop(); step; step = steps.pop()) {
        try {
          await step.stop()
        } catch (error) {
          logger.error({ part: step.name, error: String(error) }, 'did not stop cleanly')
        }
      }
    },
  }
}
