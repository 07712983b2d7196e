/** Runs one command in this process with a context of its own, for unit tests of `commands/`. */
import { Readable } from 'node:stream'
import type { Command } from 'commander'
import type { CommandContext } from '../../commands/context.ts'

export interface CommandRun {
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
  /** What the command threw: a LinliError, or commander's error for wrong options. */
  readonly error: unknown
}

export interface CommandInput {
  readonly stdin?: string
  readonly env?: CommandContext['env']
  /** System time, ms. */
  readonly now?: number
}

/** Arguments as after the command's name. Never throws. */
export async function callCommand(
  make: (context: CommandContext) => Command,
  args: readonly string[],
  { stdin = '', env = {}, now = 0 }: CommandInput = {},
): Promise<CommandRun> {
  const stdout: string[] = []
  const stderr: string[] = []
  const command = make({
    now: () => now,
    env,
    stdin: Readable.from([stdin]),
    print: (line) => stdout.push(line),
    printError: (line) => stderr.push(line),
    stopped: AbortSignal.abort(),
    onReload: () => () => {},
    nodePath: process.execPath,
  })
  for (const one of [command, ...command.commands])
    one.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} })
  try {
    await command.parseAsync([...args], { from: 'user' })
    return { stdout, stderr, error: undefined }
  } catch (error) {
    return { stdout, stderr, error }
  }
}
