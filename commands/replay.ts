/** `replay`: publishes a recorded log to a hub over MQTT, each device with its own login. */
import { Command } from 'commander'
import { createLogger } from '../app/metrics.ts'
import { systemClock } from '../model/clock.ts'
import { LinliError } from '../model/errors.ts'
import { replay } from '../simulators/replay/replay.ts'
import type { CommandContext } from './context.ts'
import { loadSecrets } from './device.ts'

interface ReplayOptions {
  readonly log: string
  readonly secrets: string
  readonly url: string
  readonly speed: string
}

export function replayCommand(context: CommandContext): Command {
  return new Command('replay')
    .description('Publishes a recorded log to a hub over MQTT (start the hub with --clock replay)')
    .requiredOption('--log <file>', 'recorded log (JSON Lines)')
    .requiredOption('--secrets <file>', 'device ids and their secrets')
    .option('--url <url>', 'MQTT address of the hub', 'mqtt://127.0.0.1:1883')
    .option('--speed <factor>', 'recorded seconds per second, or max', 'max')
    .action((options: ReplayOptions) => run(options, context))
}

async function run(options: ReplayOptions, context: CommandContext): Promise<void> {
  const secrets = await loadSecrets(options.secrets)
  const report = await replay(
    {
      log: options.log,
      url: options.url,
      secretOf: (device) => secrets[device],
      speed: speedOf(options.speed),
    },
    { clock: systemClock, logger: createLogger('warn') },
  )
  context.print(JSON.stringify(report))
}

function speedOf(text: string): number | 'max' {
  if (text === 'max') return 'max'
  const speed = Number(text)
  if (!(speed > 0) || !Number.isFinite(speed))
    throw new LinliError('USAGE', '--speed must be a number greater than 0, or max')
  return speed
}
