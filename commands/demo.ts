/** `demo`: a hub with a small simulated community on embedded storage; the first alert comes within a minute. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { stringify } from 'yaml'
import { loadConfig } from '../app/config.ts'
import { startHub } from '../app/hub.ts'
import { createLogger } from '../app/metrics.ts'
import { hashPassword } from '../dashboard/server/passwords.ts'
import { systemClock } from '../model/clock.ts'
import { type CommunityFile, communityFile } from '../model/community-file.ts'
import type { Language } from '../model/text.ts'
import { roleLabels, type User } from '../model/user.ts'
import { makeCommunity } from '../simulators/demo/community.ts'
import { type CommandContext, untilStopped } from './context.ts'
import { demoPaths, freshDemoFolder } from './demo-folder.ts'
import { newSecret, storeSecrets } from './device.ts'
import { withRecords } from './with-records.ts'

interface DemoOptions {
  readonly folder: string
  readonly port: number
  readonly mqttPort: number
  readonly seed: string
}

export function demoCommand(context: CommandContext): Command {
  return new Command('demo')
    .description('Runs a small simulated community on embedded storage; starts with empty data each time')
    .option('--folder <dir>', 'data folder; data of an earlier demo is removed first', 'data/demo')
    .option('--port <port>', 'port of the console', Number, 8080)
    .option('--mqtt-port <port>', 'port for devices', Number, 1883)
    .option('--seed <seed>', 'same seed, same community and faults', 'demo')
    .action((options: DemoOptions) => demo(options, context))
}

async function demo(options: DemoOptions, context: CommandContext): Promise<void> {
  const folder = resolve(options.folder)
  const paths = demoPaths(folder)
  const config = loadConfig({
    env: {},
    overrides: {
      dataDir: paths.dataDir,
      community: paths.community,
      logLevel: 'warn',
      'broker.port': options.mqttPort,
      'dashboard.port': options.port,
    },
  })
  await freshDemoFolder(folder)
  const written = makeCommunity({ seed: options.seed })
  const community = communityFile.parse(written)
  const secrets = Object.fromEntries(community.devices.map(({ id }) => [id, newSecret()]))
  await writeFile(paths.community, stringify(written))
  await writeFile(paths.secrets, JSON.stringify(secrets), { mode: 0o600 })

  const password = newSecret().slice(0, 12)
  const passwordHash = await hashPassword(password)
  const staff: User[] = community.staff.map(({ crew = null, grid = null, ...member }) => ({
    ...member,
    crew,
    grid,
    passwordHash,
    disabled: false,
  }))
  await withRecords(config, async (records) => {
    await storeSecrets(records, secrets)
    for (const user of staff) await records.users.put(user)
  })

  const clocks = { clock: systemClock, wallClock: systemClock }
  const { addresses, stop } = await startHub(config, clocks, createLogger('warn'))
  try {
    const devices = startDevices(context, [
      ...['--community', paths.community, '--secrets', paths.secrets, '--url', addresses.mqtt],
      ...['--seed', options.seed, '--truth', paths.truth, '--demo'],
    ])
    printWelcome(context, { console: addresses.console, staff, password, folder, community })
    await Promise.race([untilStopped(context), exited(devices)])
    if (devices.exitCode === null) {
      devices.kill('SIGTERM')
      await once(devices, 'exit')
    }
  } finally {
    await stop()
  }
}

function startDevices(context: CommandContext, options: readonly string[]): ChildProcess {
  const main = join(import.meta.dirname, '../main.ts')
  return spawn(context.nodePath, [main, 'simulate', ...options], { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** The demo ends if the simulator process ends. */
async function exited(devices: ChildProcess): Promise<void> {
  await once(devices, 'exit')
}

interface DemoFacts {
  readonly console: string
  readonly staff: readonly User[]
  readonly password: string
  readonly folder: string
  readonly community: CommunityFile
}

function printWelcome(
  context: CommandContext,
  { console, staff, password, folder, community }: DemoFacts,
): void {
  const width = Math.max(...staff.map(({ login }) => login.length))
  context.print('')
  context.print(`  邻里 Linli   ${console}`)
  context.print(`  Crew page    ${console}/crew/`)
  context.print('')
  context.print(`  Password of every login: ${password}`)
  const units = new Map([...community.crews, ...community.grids].map(({ id, name }) => [id, name]))
  for (const { login, role, crew, grid } of staff) {
    const unit = units.get(crew ?? grid ?? '')
    const words = [roleLabels[role], ...(unit ? [unit] : [])]
    const inLanguage = (language: Language): string => words.map((text) => text[language]).join(', ')
    context.print(`    ${login.padEnd(width)}  ${inLanguage('en')} / ${inLanguage('zh')}`)
  }
  context.print('')
  context.print('  The first alert appears within a minute. Ctrl+C ends the demo.')
  context.print(`  Community file, secrets and list of simulated faults: ${folder}`)
  context.print('')
}
