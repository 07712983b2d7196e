/** The process edge: argv, environment, signals and the exit code; everything else is in `commands/` and `app/`. */
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import type { CommandContext } from './commands/context.ts'
import { systemClock } from './model/clock.ts'
import { formatProblem, LinliError } from './model/errors.ts'

/** Wrong input of the person who started us; anything else is 1. */
const EXIT_USAGE = 2

/**
 * Types are taken off and scripts are compiled once, not at every start and in every thread: it halves the time of a start
 * and saves the memory of the compiler. Beside the packages, whose owner alone may write there; without that right it is off.
 */
const { directory } = enableCompileCache(join(import.meta.dirname, 'node_modules/.cache/compile'))
if (directory) process.env.NODE_COMPILE_CACHE = directory
const { commands } = await import('./commands/table.ts')

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(signal))

const context: CommandContext = {
  now: systemClock.now,
  env: process.env,
  stdin: process.stdin,
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  stopped: stop.signal,
  onReload: (listener) => {
    process.on('SIGHUP', listener)
    return () => process.off('SIGHUP', listener)
  },
  nodePath: process.execPath,
}

// A reader that went away (`| head`) ends neither a hub nor a command with an error.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

const program = new Command('linli')
  .description('Linli, the monitoring hub of a smart community / 邻里，智慧社区监测中枢')
  .exitOverride()
for (const makeCommand of commands) program.addCommand(makeCommand(context).exitOverride())

function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE
  if (error instanceof LinliError) {
    context.printError(`linli: ${error.message} [${error.code}]`)
    for (const problem of error.problems) context.printError(formatProblem(problem))
    return error.status === 400 || error.code === 'CONFIG_INVALID' ? EXIT_USAGE : 1
  }
  context.printError(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return 1
}

try {
  await program.parseAsync(process.argv)
} catch (error) {
  process.exitCode = tell(error)
}
/** Resolves when the reader of a pipe has taken what was written so far, or has gone away. */
const flushed = (stream: NodeJS.WriteStream): Promise<unknown> =>
  new Promise((resolve) => stream.write('', resolve))
await Promise.all([flushed(process.stdout), flushed(process.stderr)])
// A worker or socket that will not end must not hold a stopped hub; what had to be saved has been.
process.exit()
