/** What a command gets from the process; nothing in `commands/` touches `process` itself. */
import type { Readable } from 'node:stream'
import type { Cancel } from '../model/clock.ts'

export interface CommandContext {
  /** The machine's clock, ms. */
  readonly now: () => number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: Readable
  readonly print: (line: string) => void
  readonly printError: (line: string) => void
  /** Aborted by SIGINT or SIGTERM. */
  readonly stopped: AbortSignal
  /** Calls back at every SIGHUP until cancelled; a process nobody listens for ends by it, as usual. */
  readonly onReload: (listener: () => void) => Cancel
  /** The running Node, for the commands that start a second process. */
  readonly nodePath: string
}

/** Resolves when the person or the service manager asks to stop. */
export function untilStopped(context: CommandContext): Promise<void> {
  return new Promise((resolve) => {
    if (context.stopped.aborted) resolve()
    else context.stopped.addEventListener('abort', () => resolve(), { once: true })
  })
}
