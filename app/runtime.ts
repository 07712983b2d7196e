/** What every stage of the hub shares. */
import type { Cancel, Clock } from '../model/clock.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { ObservedMetrics } from './metrics.ts'

export interface Clocks {
  /** The hub's clock: stamps messages, drives rules and deadlines. */
  readonly clock: Clock
  /** The machine's clock, for sessions and liveness of connections, when `clock` follows a replay. */
  readonly wallClock: Clock
  /** Moves a replay clock to the `ts` of a message before the message is stamped. */
  readonly observeTime?: (ts: number) => void
}

export interface Runtime extends Clocks {
  readonly logger: Logger
  readonly metrics: ObservedMetrics
  readonly changes: ChangeSignal
}

/** Emitted after a commit to the change log; it carries nothing, listeners read on from their cursor. */
export interface ChangeSignal {
  readonly emit: () => void
  on(listener: () => void): Cancel
}

export function createChangeSignal(): ChangeSignal {
  const listeners = new Set<() => void>()
  return {
    emit() {
      for (const listener of listeners) listener()
    },
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
