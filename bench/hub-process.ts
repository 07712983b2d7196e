/** The hub as its users run it: `node main.ts start` with all features and one connected console. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Addresses } from '../app/hub.ts'
import { openJournalReader } from '../storage/journal/reader.ts'
import { createFeedClient, type FeedClient } from '../tests/support/feed-client.ts'
import { prepare, signIn } from '../tests/support/whole-hub.ts'
import { communityOf, dutyOfficer, type FleetDevice } from './fleet.ts'
import type { InfluxSettings } from './measure.ts'
import { firstLine, pause, type ServerProcess, startProcess } from './server-process.ts'

/** A data folder with all devices and their secrets; every hub gets a fresh copy. */
export interface DataTemplate {
  readonly folder: string
  remove(): void
}

/** Prepares the data folder once. */
export async function makeTemplate(devices: readonly FleetDevice[]): Promise<DataTemplate> {
  return prepare(communityOf(devices))
}

export interface HubProcess extends ServerProcess {
  readonly port: number
  readonly addresses: Addresses
  readonly journalPath: string
  readonly console: FeedClient
  /** A value of `/metrics`. */
  metric(name: string): Promise<number>
  /** Resolves when the history contains every entry of the journal. */
  historyCaughtUp(): Promise<void>
  /** Removes its data; call after `stop`. */
  remove(): void
}

export interface HubOptions {
  readonly influx?: InfluxSettings
  /** Further arguments of Node itself, e.g. to profile. */
  readonly nodeArgs?: readonly string[]
}

const POLL_MS = 100
const mainPath = join(import.meta.dirname, '../main.ts')

/** A copy of the data folder for one hub, with its configuration file. */
export function hubFolder(template: DataTemplate, influx?: InfluxSettings) {
  const folder = mkdtempSync(join(tmpdir(), 'linli-bench-'))
  cpSync(template.folder, folder, { recursive: true })
  const config = join(folder, 'linli.yaml')
  const history = influx ? { engine: 'influxdb', influxdb: influx } : { engine: 'duckdb' }
  writeFileSync(
    config,
    stringify({
      dataDir: join(folder, 'data'),
      community: join(folder, 'community.yaml'),
      logLevel: 'error',
      broker: { port: 0, messagesPerSecond: 0 },
      dashboard: { port: 0 },
      history,
    }),
  )
  return { folder, config, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** As `npm start` and `npm run demo` run it: half of the default, which saves 65 MiB and is not slower. */
export const nodeFlags: readonly string[] = ['--max-semi-space-size=16']

/** Starts the hub; the first line of its output contains the addresses. */
export function startHub(config: string, nodeArgs: readonly string[] = []): ServerProcess {
  return startProcess(process.execPath, [
    ...nodeFlags,
    ...nodeArgs,
    mainPath,
    'start',
    '--config',
    config,
    '--json',
  ])
}

/** Starts a hub on a fresh copy of the data folder and connects a console. */
export async function openHub(template: DataTemplate, options: HubOptions = {}): Promise<HubProcess> {
  const { folder, config, remove } = hubFolder(template, options.influx)
  const server = startHub(config, options.nodeArgs)
  const addresses = JSON.parse(await firstLine(server)) as Addresses
  const cookie = await signIn(addresses, dutyOfficer)
  const feed = createFeedClient({ url: addresses.console, cookie })
  await feed.connected()

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${addresses.console}/metrics`)).text()
    const value = new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]
    if (value === undefined) throw new Error(`the hub has no metric ${name}`)
    return Number(value)
  }
  return {
    ...server,
    port: Number(new URL(addresses.mqtt).port),
    addresses,
    journalPath: join(folder, 'data', 'journal.db'),
    console: feed,
    metric,
    async historyCaughtUp() {
      const last = await metric('linli_journal_last_seq')
      while ((await metric('linli_history_cursor')) < last) await pause(POLL_MS)
    },
    async stop() {
      feed.close()
      await server.stop()
    },
    remove,
  }
}

export interface ExpectedMessages {
  readonly device: string
  readonly firstSeq: number
  readonly share: number
}

export interface JournalCheck {
  readonly expected: number
  readonly found: number
  readonly missing: number
  readonly duplicates: number
}

const PAGE = 10_000

/** Compares the journal of a stopped hub with the acknowledged messages: each exactly once and no others. */
export function checkJournal(path: string, expected: readonly ExpectedMessages[]): JournalCheck {
  const open = new Map<string, Set<number>>()
  let total = 0
  for (const { device, firstSeq, share } of expected) {
    const seqs = open.get(device) ?? new Set()
    open.set(device, seqs)
    for (let n = 0; n < share; n++) seqs.add(firstSeq + n)
    total += share
  }
  let found = 0
  let twice = 0
  const reader = openJournalReader(path)
  let after = 0
  for (let page = reader.read(0, PAGE); page.length > 0; page = reader.read(after, PAGE)) {
    for (const entry of page) {
      after = entry.seq
      if (entry.kind !== 'telemetry') continue
      if (open.get(entry.device)?.delete(entry.messageSeq ?? -1)) found++
      else twice++
    }
  }
  reader.close()
  return { expected: total, found, missing: total - found, duplicates: twice }
}
