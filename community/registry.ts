/** The device registry: newest reading and last sign of life of every device, read from the journal. */
import type { Cancel, Clock } from '../model/clock.ts'
import type { LatestReading } from '../model/live-feed.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { Journal } from '../model/ports/journal.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import type { Records } from '../model/ports/records.ts'
import { createJournalTail, type JournalTail } from './journal-follower.ts'
import { createHeardTable, type HeardTable } from './last-seen-table.ts'
import { createRegistryStore } from './registry-store.ts'

export interface Registry {
  /** Undefined: never heard, or not in the community file. */
  latest(device: string): LatestReading | undefined
  /** Of every device of the community file that was ever heard. */
  all(): LatestReading[]
  onlineCount(): number
  /** Conflated: at most every half second, the newest reading of each device that changed since, going silent included. */
  onChange(listener: (changed: readonly LatestReading[]) => void): Cancel
  /** Journal entries not read yet. */
  behind(): number
  /** Restores what was saved and begins to read; it catches up with the journal in the background. */
  start(): Promise<void>
  /** Resolves when everything now in the journal has been read, or when reading has failed. */
  caughtUp(): Promise<void>
  /** Stops reading and saves. */
  stop(): Promise<void>
}

export interface RegistryDeps {
  readonly directory: Directory
  readonly journal: Pick<Journal, 'read' | 'lastSeq' | 'onAppend'>
  readonly records: Records
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
}

const TELL_EVERY_MS = 500
const SAVE_EVERY_MS = 10_000

export function createRegistry(deps: RegistryDeps): Registry {
  const { clock, logger } = deps
  const failures = deps.metrics.counter(
    'linli_registry_failures_total',
    'Failed reads and saves of the registry',
    ['what'],
  )
  const failed = (what: string, error: unknown): void => {
    failures.add({ what })
    logger.error({ err: error }, `registry: ${what} failed`)
  }
  const table = createHeardTable(deps.directory)
  const tail = createJournalTail({
    journal: deps.journal,
    apply: (entry) => entry.kind !== 'tick' && table.apply(entry),
    onFailure: (error) => failed('read', error),
  })
  const store = createRegistryStore({ ...deps, table, tail, onFailure: (error) => failed('save', error) })
  const listeners = new Set<(changed: readonly LatestReading[]) => void>()
  const cancels: Cancel[] = []
  register(deps, table, tail)

  function tell(): void {
    if (tail.behind() > 0) void tail.read()
    const readings = table.takeChanged(clock.now())
    if (readings.length === 0) return
    for (const listener of listeners) listener(readings)
  }

  return {
    latest: (device) => table.get(device, clock.now()),
    all: () => table.all(clock.now()),
    onlineCount: () => table.onlineCount(clock.now()),
    behind: tail.behind,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async start() {
      await store.restore()
      cancels.push(
        deps.journal.onAppend(() => void tail.read()),
        clock.every(TELL_EVERY_MS, tell),
        clock.every(SAVE_EVERY_MS, () => void store.save()),
      )
      void tail.read()
    },
    caughtUp: tail.read,
    async stop() {
      for (const cancel of cancels.splice(0)) cancel()
      await tail.stop()
      await store.save()
    },
  }
}

function register({ metrics, clock, directory }: RegistryDeps, table: HeardTable, tail: JournalTail): void {
  metrics.gauge('linli_devices_online', 'Devices heard within the limit of their type', () =>
    table.onlineCount(clock.now()),
  )
  metrics.gauge('linli_devices_total', 'Devices of the community file', () => directory.devices().length)
  metrics.gauge('linli_registry_behind', 'Journal entries the registry has not read yet', tail.behind)
}
