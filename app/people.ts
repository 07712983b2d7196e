/** People: HTTP API, live feed and web apps. */
import { join } from 'node:path'
import { createDashboard } from '../dashboard/server/dashboard.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { Config } from './config.ts'
import type { Devices } from './devices.ts'
import { clockProblem, readiness } from './health.ts'
import type { JournalReaders } from './journal-readers.ts'
import type { Rules } from './rules.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import type { Stores } from './stores.ts'

export interface People {
  /** `http://127.0.0.1:8080` */
  readonly address: string
  /** Ends every session of a person at once. */
  signOut(login: string): Promise<void>
}

export interface PeopleDeps {
  readonly runtime: Runtime
  readonly stores: Stores
  readonly directory: Directory
  readonly readers: JournalReaders
  readonly rules: Rules
  readonly devices: Devices
}

const webRoot = join(import.meta.dirname, '../dist/web')

/** Throws CONFIG_INVALID when the port is taken or a certificate cannot be read. */
export async function startPeople(config: Config, deps: PeopleDeps, scope: Scope): Promise<People> {
  const { runtime, stores, directory, readers, rules, devices } = deps
  const { history, registry } = readers
  const { ingest } = devices
  const dashboard = createDashboard(config.dashboard, {
    ...runtime,
    ...stores,
    ...rules,
    rules: rules.registry,
    directory: () => directory,
    history,
    registry: {
      ...registry,
      onChange: (emit) => registry.onChange((readings) => emit(readings.map(({ device }) => device))),
    },
    status: () => ({ rulesBehind: rules.registry.behind(), historyBehind: history.status().behind }),
    readiness: async () =>
      readiness({
        journal: ingest.journalProblem(),
        clock: clockProblem(ingest.clockBehind()),
        history: history.status(),
      }),
    metricsText: runtime.metrics.text,
    webRoot,
  })
  await dashboard.start()
  scope.defer('dashboard', () => dashboard.stop())
  scope.defer('change notifications', runtime.changes.on(dashboard.publishChanges))
  return { address: dashboard.address() ?? '', signOut: dashboard.signOut }
}
