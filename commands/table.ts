/** The one table of commands; a new one is one file and one line here. */
import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { deviceCommand } from './device.ts'
import { importRecordingCommand } from './import-recording.ts'
import { startCommand } from './start.ts'
import { userCommand } from './user.ts'

export const commands: readonly ((context: CommandContext) => Command)[] = [
  startCommand,
  deviceCommand,
  userCommand,
  importRecordingCommand,
]
