/** Access of commands to the process; nothing in `commands/` uses `process` directly. */
import type { Readable } from 'node:stream'
import type { Cancel } from '../model/clock.ts'

export interface CommandContext {
  /** System clock, ms. */
  readonly now: () => number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: Readable
  readonly print: (line: string) => void
  readonly printError: (line: string) => void
  /** Aborted by SIGINT or SIGTERM. */
  readonly stopped: AbortSignal
  /** Calls the listener at every SIGHUP until cancelled. Without a listener SIGHUP ends the process as usual. */
  readonly onReload: (listener: () => void) => Cancel
  /** Path of the running Node, for commands that start a second process. */
  readonly nodePath: string
}

/** Resolves when the process is asked to stop. */
export function untilStopped(context: CommandContext): Promise<void> {
  return new Promise((resolve) => {
    if (context.stopped.aborted) resolve()
    else context.stopped.addEventListener('abort', () => resolve(), { once: true })
  })
}
