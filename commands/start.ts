/** `start`: runs the hub until it is stopped. */
import { Command, Option } from 'commander'
import { startHub } from '../app/hub.ts'
import { createLogger } from '../app/metrics.ts'
import { replayClock, systemClock } from '../model/clock.ts'
import { readConfig } from './config-option.ts'
import { type CommandContext, untilStopped } from './context.ts'

interface StartOptions {
  readonly config?: string
  readonly clock?: 'system' | 'replay'
  readonly dataDir?: string
  readonly community?: string
  readonly rules?: string
  readonly mqttPort?: number
  readonly port?: number
  readonly json?: boolean
}

export function startCommand(context: CommandContext): Command {
  return new Command('start')
    .description('Runs the hub; on SIGHUP it reloads the community file and the rule files')
    .option('--config <file>', 'configuration file (default linli.yaml)')
    .addOption(
      new Option('--clock <clock>', 'replay: hub time is the newest ts received').choices([
        'system',
        'replay',
      ]),
    )
    .option('--data-dir <dir>', 'folder of journal, records and history')
    .option('--community <file>', 'the community file')
    .option('--rules <dir>', 'folder of rule files instead of the shipped ones')
    .option('--mqtt-port <port>', 'port for devices', Number)
    .option('--port <port>', 'port of the console', Number)
    .option('--json', 'print the addresses as one line of JSON')
    .action((options: StartOptions) => start(options, context))
}

async function start(options: StartOptions, context: CommandContext): Promise<void> {
  const config = await readConfig(context, options.config, {
    clock: options.clock,
    dataDir: options.dataDir,
    community: options.community,
    rules: options.rules,
    'broker.port': options.mqttPort,
    'dashboard.port': options.port,
  })
  const replay = config.clock === 'replay' ? replayClock() : undefined
  const clocks = { clock: replay ?? systemClock, wallClock: systemClock, observeTime: replay?.observe }
  const starting = startHub(config, clocks, createLogger(config.logLevel))
  const cancelReload = context.onReload(
    () =>
      void starting.then(
        (hub) => hub.reload(),
        () => {},
      ),
  )
  void starting.catch(cancelReload)
  const hub = await starting
  try {
    const { addresses } = hub
    if (options.json) context.print(JSON.stringify(addresses))
    else {
      context.print(`console  ${addresses.console}`)
      for (const address of [addresses.mqtt, addresses.mqtts])
        if (address) context.print(`devices  ${address}`)
    }
    await untilStopped(context)
  } finally {
    cancelReload()
    await hub.stop()
  }
}
