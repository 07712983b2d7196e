/** The device registry: newest reading and last sign of life of every device, followed from the journal. */
import type { Cancel, Clock } from '../model/clock.ts'
import { followLog, type LogFollower } from '../model/follow-log.ts'
import type { LatestReading } from '../model/live-feed.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { Journal } from '../model/ports/journal.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Metrics } from '../model/ports/metrics.ts'
import type { Records } from '../model/ports/records.ts'
import { createLastSeenTable, type LastSeenTable } from './last-seen-table.ts'
import { createRegistryStore } from './registry-store.ts'

export interface Registry {
  /** Undefined: never seen, or not in the community file. */
  latest(device: string): LatestReading | undefined
  /** Of every device of the community file that has been seen. */
  all(): LatestReading[]
  onlineCount(): number
  /** Conflated: at most every half second, the newest reading of each device that changed since, going offline included. */
  onChange(listener: (changed: readonly LatestReading[]) => void): Cancel
  /** Journal entries not applied yet. */
  behind(): number
  /** Restores what was saved and follows the journal from there; it catches up in the background. */
  start(): Promise<void>
  /** Resolves when everything now in the journal has been applied, or when reading has failed. */
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

const EMIT_EVERY_MS = 500
const SAVE_EVERY_MS = 10_000
/** Entries in one batch: large enough to be cheap, small enough for a few milliseconds. */
const BATCH = 2000

export function createRegistry(deps: RegistryDeps): Registry {
  const { clock, journal } = deps
  let follower: LogFollower | undefined
  const cursor = (): number => follower?.cursor() ?? 0
  const behind = (): number => Math.max(0, journal.lastSeq() - cursor())
  const failed = createFailureReport(deps)
  const table = createLastSeenTable(deps.directory)
  const store = createRegistryStore({ ...deps, table, cursor, onFailure: (error) => failed('save', error) })
  const changes = createEmitter(table)
  const cancels: Cancel[] = []
  registerGauges(deps, table, behind)

  return {
    latest: (device) => table.get(device, clock.now()),
    all: () => table.all(clock.now()),
    onlineCount: () => table.onlineCount(clock.now()),
    behind,
    onChange: changes.on,
    async start() {
      const from = await store.restore()
      const started = followJournal({ journal, table, onError: (error) => failed('read', error) }, from)
      follower = started
      cancels.push(
        journal.onAppend(() => started.notify()),
        clock.every(EMIT_EVERY_MS, () => {
          // Retries a read that has failed.
          if (behind() > 0) started.notify()
          changes.emit(clock.now())
        }),
        clock.every(SAVE_EVERY_MS, () => void store.save()),
      )
    },
    caughtUp: async () => follower?.caughtUp(),
    async stop() {
      for (const cancel of cancels.splice(0)) cancel()
      await follower?.stop()
      await store.save()
    },
  }
}

function createEmitter(table: LastSeenTable) {
  const listeners = new Set<(changed: readonly LatestReading[]) => void>()
  return {
    on(listener: (changed: readonly LatestReading[]) => void): Cancel {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    emit(now: number): void {
      const readings = table.collectChanged(now)
      if (readings.length === 0) return
      for (const listener of listeners) listener(readings)
    },
  }
}

interface FollowDeps extends Pick<RegistryDeps, 'journal'> {
  readonly table: LastSeenTable
  readonly onError: (error: unknown) => void
}

function followJournal({ journal, table, onError }: FollowDeps, from: number): LogFollower {
  return followLog({
    from,
    async read(after) {
      const entries = journal.lastSeq() > after ? await journal.read(after, BATCH) : []
      return entries.length > 0 ? entries : undefined
    },
    endOf: (entries) => entries.at(-1)?.seq ?? from,
    apply(entries) {
      for (const entry of entries) if (entry.kind !== 'tick') table.apply(entry)
    },
    onError(error) {
      onError(error)
      return undefined
    },
  })
}

function createFailureReport({ metrics, logger }: Pick<RegistryDeps, 'metrics' | 'logger'>) {
  const failures = metrics.counter(
    'linli_registry_failures_total',
    'Failed reads and saves of the registry',
    ['what'],
  )
  return (what: 'read' | 'save', error: unknown): void => {
    failures.add({ what })
    logger.error({ err: error }, `registry: ${what} failed`)
  }
}

function registerGauges(
  { metrics, clock, directory }: RegistryDeps,
  table: LastSeenTable,
  behind: () => number,
): void {
  metrics.gauge('linli_devices_online', 'Devices seen within the offline limit of their type', () =>
    table.onlineCount(clock.now()),
  )
  metrics.gauge('linli_devices_total', 'Devices of the community file', () => directory.devices().length)
  metrics.gauge('linli_registry_behind', 'Journal entries the registry has not read yet', behind)
}
