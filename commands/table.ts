/** The table of commands; a new command is one file and one line here. */
import type { Command } from 'commander'
import { backtestCommand } from './backtest.ts'
import type { CommandContext } from './context.ts'
import { demoCommand } from './demo.ts'
import { deviceCommand } from './device.ts'
import { importRecordingCommand } from './import-recording.ts'
import { replayCommand } from './replay.ts'
import { scorecardCommand } from './scorecard.ts'
import { simulateCommand } from './simulate.ts'
import { startCommand } from './start.ts'
import { userCommand } from './user.ts'

export const commands: readonly ((context: CommandContext) => Command)[] = [
  startCommand,
  demoCommand,
  simulateCommand,
  replayCommand,
  importRecordingCommand,
  backtestCommand,
  scorecardCommand,
  deviceCommand,
  userCommand,
]
