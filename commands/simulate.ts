/** `simulate`: devices with daily routines and seeded faults that connect to a hub over MQTT only. */
import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { loadCommunity } from '../app/files.ts'
import { createLogger } from '../app/metrics.ts'
import { systemClock } from '../model/clock.ts'
import { LinliError } from '../model/errors.ts'
import { demoPlan } from '../simulators/demo/plan.ts'
import { formatGroundTruth } from '../simulators/ground-truth.ts'
import { makePlan } from '../simulators/plan.ts'
import { createSimulator } from '../simulators/run.ts'
import { type CommandContext, untilStopped } from './context.ts'
import { loadSecrets } from './device.ts'

interface SimulateOptions {
  readonly community: string
  readonly secrets: string
  readonly url: string
  readonly seed: string
  readonly speed: string
  readonly from?: string
  readonly hours: string
  readonly gapMinutes: string
  readonly truth?: string
  readonly demo?: boolean
}

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

export function simulateCommand(context: CommandContext): Command {
  return new Command('simulate')
    .description('Connects simulated devices to a hub, with planned faults; writes the plan to a file')
    .requiredOption('--community <file>', 'the community file')
    .requiredOption('--secrets <file>', 'device ids and their secrets')
    .option('--url <url>', 'MQTT address of the hub', 'mqtt://127.0.0.1:1883')
    .option('--seed <seed>', 'same seed, same devices and faults', 'linli')
    .option(
      '--speed <factor>',
      'simulated seconds per second; other than 1 only for a hub with --clock replay',
      '1',
    )
    .option('--from <time>', 'ISO 8601 start of simulated time (default: now)')
    .option('--hours <hours>', 'simulated hours covered by the plan', '24')
    .option('--gap-minutes <minutes>', 'mean time between two faults', '30')
    .option('--truth <file>', 'file for the planned faults, as JSON Lines')
    .option('--demo', 'use the plan of the demo: first alerts within a minute')
    .action((options: SimulateOptions) => simulate(options, context))
}

async function simulate(options: SimulateOptions, context: CommandContext): Promise<void> {
  const community = await loadCommunity(options.community)
  const credentials = await loadSecrets(options.secrets)
  const from = options.from === undefined ? context.now() : timeOf(options.from)
  const { seed } = options
  const plan = options.demo
    ? demoPlan(community, { seed, from })
    : makePlan({
        community,
        seed,
        from,
        to: from + positive('--hours', options.hours) * HOUR_MS,
        meanGap: positive('--gap-minutes', options.gapMinutes) * MINUTE_MS,
      })
  if (options.truth) await writeFile(options.truth, formatGroundTruth(plan))
  const simulator = createSimulator(
    { community, credentials, plan, seed, url: options.url, speed: positive('--speed', options.speed), from },
    { clock: systemClock, logger: createLogger('warn') },
  )
  await simulator.start()
  const { devices, connected, passedOver } = simulator.stats()
  context.print(`${connected} of ${devices} simulated devices connected, ${plan.length} faults planned`)
  if (passedOver.length > 0) context.printError(`no secret or no behaviour for: ${passedOver.join(', ')}`)
  await untilStopped(context)
  await simulator.stop()
  context.print(JSON.stringify(simulator.stats()))
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0) || !Number.isFinite(value))
    throw new LinliError('USAGE', `${name} must be a number greater than 0`)
  return value
}

function timeOf(text: string): number {
  const value = Date.parse(text)
  if (Number.isNaN(value)) throw new LinliError('USAGE', `--from ${text} is not an ISO 8601 time`)
  return value
}
