/** The whole hub on one page: each line opens a stage with what the stages before it have opened. */
import { createLiveDirectory, type LiveDirectory } from '../community/directory.ts'
import { createReload, type ReloadReport } from '../community/reload.ts'
import type { Logger } from '../model/ports/logger.ts'
import { startChores } from './chores.ts'
import type { Config } from './config.ts'
import { startDevices } from './devices.ts'
import { loadCommunity } from './files.ts'
import { startJournalReaders } from './journal-readers.ts'
import { createMetrics } from './metrics.ts'
import { type People, startPeople } from './people.ts'
import { startRules } from './rules.ts'
import { type Clocks, createChangeSignal, type Runtime } from './runtime.ts'
import { createScope, type Scope } from './scope.ts'
import { openStores, type Stores } from './stores.ts'

export interface Addresses {
  /** `http://127.0.0.1:8080` */
  readonly console: string
  /** `mqtt://127.0.0.1:1883` */
  readonly mqtt: string
  /** `mqtts://127.0.0.1:8883`; absent without `broker.tls` */
  readonly mqtts?: string
}

export interface Hub {
  readonly addresses: Addresses
  /** Reads the community file and the rule files again: each is applied whole, or refused whole with a log entry. */
  reload(): Promise<ReloadReport>
  /** Disconnects everybody, stores what was accepted, closes. */
  stop(): Promise<void>
}

/** Opens everything, catches up, then lets people and devices in. On an error everything opened is closed again. */
export async function startHub(config: Config, clocks: Clocks, logger: Logger): Promise<Hub> {
  const scope = createScope(logger)
  const runtime = { ...clocks, logger, metrics: createMetrics(), changes: createChangeSignal() }
  try {
    return await startStages(config, runtime, scope)
  } catch (error) {
    await scope.close()
    throw error
  }
}

async function startStages(config: Config, runtime: Runtime, scope: Scope): Promise<Hub> {
  const file = await loadCommunity(config.community)
  const directory = createLiveDirectory(file)
  const stores = await openStores(config, { runtime, staff: file }, scope)
  const readers = await startJournalReaders(config, { runtime, stores, directory }, scope)
  const rules = await startRules(config, { runtime, stores, directory, history: readers.history }, scope)
  const devices = await startDevices(config, { runtime, stores, directory }, scope)
  const people = await startPeople(config, { runtime, stores, directory, readers, rules, devices }, scope)
  const mqtt = await devices.listen()
  await startChores(config, { runtime, stores, readers, rules, devices }, scope)

  const addresses = { console: people.address, ...mqtt }
  const counts = { devices: directory.devices().length, rules: rules.registry.list().length }
  runtime.logger.info({ ...addresses, ...counts }, 'hub started')
  const reloadCommunity = createCommunityReload(config, { runtime, stores, directory, devices, people })
  return {
    addresses,
    async reload() {
      const report = await reloadCommunity()
      await rules.registry.reload()
      return report
    },
    stop: scope.close,
  }
}

interface ReloadParts {
  readonly runtime: Runtime
  readonly stores: Stores
  readonly directory: LiveDirectory
  readonly devices: { disconnect(device: string, reason: string): unknown }
  readonly people: People
}

const createCommunityReload = (
  config: Config,
  { runtime, stores, directory, devices, people }: ReloadParts,
): (() => Promise<ReloadReport>) =>
  createReload({
    directory,
    records: stores.records,
    logger: runtime.logger,
    metrics: runtime.metrics,
    load: () => loadCommunity(config.community),
    disconnect: devices.disconnect,
    signOut: people.signOut,
  })
