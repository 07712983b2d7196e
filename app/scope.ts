/** Closes what was opened, in reverse order, also after a start that failed half-way. */
import type { Logger } from '../model/ports/logger.ts'

export interface Scope {
  /** Registers how to close what was just opened. */
  defer(name: string, close: () => Promise<unknown> | unknown): void
  /** Closes everything, newest first; a failure is logged and the others go on. A second call does nothing. */
  close(): Promise<void>
}

export function createScope(logger: Logger): Scope {
  const steps: { readonly name: string; readonly close: () => Promise<unknown> | unknown }[] = []
  return {
    defer: (name, close) => steps.push({ name, close }),
    async close() {
      for (let step = steps.pop(); step; step = steps.pop()) {
        try {
          await step.close()
        } catch (error) {
          logger.error({ part: step.name, error: String(error) }, 'did not stop cleanly')
        }
      }
    },
  }
}
