/** The whole hub in one straight line: opens the stores, joins the rooms by functions, stops in reverse order. */
import { join } from 'node:path'
import { createAlerts } from '../alerts/alerts.ts'
import { createBroker } from '../broker/broker.ts'
import { credentialWatch } from '../broker/credential-watch.ts'
import { createCredentials } from '../broker/secrets.ts'
import { createCases } from '../cases/cases.ts'
import { createLiveDirectory } from '../community/live-directory.ts'
import { createRegistry } from '../community/registry.ts'
import { createReload, type ReloadReport } from '../community/reload.ts'
import { saveStaff } from '../community/staff.ts'
import { createDashboard } from '../dashboard/server/dashboard.ts'
import { createIngest } from '../ingest/ingest.ts'
import type { Clock } from '../model/clock.ts'
import { LinliError } from '../model/errors.ts'
import type { Journal } from '../model/ports/journal.ts'
import type { Logger } from '../model/ports/logger.ts'
import type { Records } from '../model/ports/records.ts'
import { openRuleRegistry } from '../rules/editor/rule-registry.ts'
import { createTrials } from '../rules/editor/trials.ts'
import { createEngine } from '../rules/engine/engine.ts'
import { readRuleFolder, templatesFolder } from '../rules/library/read.ts'
import { createRuleRunner } from '../rules/runner/runner.ts'
import { openDataDir } from '../storage/data-dir.ts'
import { createHistoryService } from '../storage/history/service.ts'
import { openSqliteJournal } from '../storage/journal/sqlite-journal.ts'
import { openSqliteRecords } from '../storage/records/sqlite-records.ts'
import type { Config } from './config.ts'
import { loadCommunity, readRules } from './files.ts'
import { clockFault, readiness } from './health.ts'
import { createMetrics } from './metrics.ts'
import { createTrialRunner } from './rule-trial/run-trial.ts'
import { createStopStack } from './stop-stack.ts'

export interface AppDeps {
  readonly clock: Clock
  /** The machine's clock, for sessions and liveness of connections, when `clock` follows a replay. */
  readonly wallClock: Clock
  /** Told the `ts` of every message before it is stamped (replay clock). */
  readonly observeTime?: (ts: number) => void
  readonly logger: Logger
}

export interface Addresses {
  /** `http://127.0.0.1:8080` */
  readonly console: string
  /** `mqtt://127.0.0.1:1883` */
  readonly mqtt: string
  /** `mqtts://127.0.0.1:8883`; absent without `broker.tls` */
  readonly mqtts?: string
}

export interface App {
  /** Opens everything, catches up, then lets devices in. On an error everything opened is closed again. */
  start(): Promise<Addresses>
  /** Reads the community file and the rule files again: each is taken whole, or refused whole and told in the log. */
  reload(): Promise<ReloadReport>
  /** Lets nobody in any more, stores what was accepted, closes. */
  stop(): Promise<void>
}

/** Rules and people need seconds, not less; a tick is 40 bytes in the journal. */
const TICK_MS = 1000
const SWEEP_MS = 5000
const CREDENTIALS_MS = 5000
const TRIM_MS = 3_600_000
const CLOCK_WATCH_MS = 60_000
const DAY_MS = 86_400_000

/** Records that have read further than the journal goes belong to another journal: starting would skip messages. */
async function refuseStrangers(records: Records, journal: Journal): Promise<void> {
  const read = await records.cursors.get('rules')
  if (read <= journal.lastSeq()) return
  throw new LinliError(
    'STORAGE_CORRUPT',
    `the journal ends at ${journal.lastSeq()}, but the records have read up to ${read}: they do not belong together`,
  )
}

const webRoot = join(import.meta.dirname, '../dist/web')

/** Joins the rooms. Nothing is opened before `start`. */
export function createApp(config: Config, deps: AppDeps): App {
  const { clock, wallClock, logger } = deps
  const stops = createStopStack(logger)
  const metrics = createMetrics()
  let reload: () => Promise<ReloadReport> = async () => ({
    ok: false,
    message: 'the hub is not running',
    problems: [],
  })

  /** Work now and then; a failure is told and the next time comes. */
  function repeat(
    name: string,
    every: { readonly ms: number; readonly by: Clock },
    work: () => Promise<unknown>,
  ): void {
    const attempt = async (): Promise<void> => {
      try {
        await work()
      } catch (error) {
        logger.error({ part: name, error: String(error) }, 'did not succeed; tried again later')
      }
    }
    stops.add(
      name,
      every.by.every(every.ms, () => void attempt()),
    )
  }

  async function open(): Promise<Addresses> {
    let journalFault: string | undefined
    const file = await loadCommunity(config.community)
    const directory = createLiveDirectory(file)

    // Stores.
    const dataDir = openDataDir(config.dataDir)
    stops.add('data folder', () => dataDir.release())
    const records = await openSqliteRecords(dataDir.recordsPath)
    stops.add('records', () => records.close())
    const journal = await openSqliteJournal(
      { path: dataDir.journalPath, ...config.journal },
      { logger, metrics },
    )
    stops.add('journal', () => journal.close())
    await refuseStrangers(records, journal)
    // A replay clock goes on where the journal ends; without that, what people do before the first message has no time.
    const [newest] = await journal.read(Math.max(0, journal.lastSeq() - 1), 1)
    if (newest) deps.observeTime?.(newest.receivedAt)
    await saveStaff(records, file)

    // Readers of the journal: history, last-seen, rules with alerts and cases.
    const history = createHistoryService(
      { ...config.history, path: dataDir.historyPath },
      { journalPath: dataDir.journalPath, clock, logger, metrics },
    )
    await history.start()
    stops.add('history', () => history.stop())
    stops.add('history wake-up', journal.onAppend(history.wake))

    const registry = createRegistry({ directory, journal, records, clock, logger, metrics })
    await registry.start()
    stops.add('registry', () => registry.stop())

    let tellFeed = (): void => {}
    const room = { records, directory: () => directory, clock, logger, metrics, changed: () => tellFeed() }
    const alerts = createAlerts(config.alerts, room)
    const cases = createCases(config.cases, room)

    const rules = await openRuleRegistry({
      records,
      directory,
      logger,
      files: () => readRules(config.rules),
      templates: readRuleFolder(templatesFolder),
      swap: (change) => runner.swap(change),
      failures: () => runner.failures(),
      noteChange: alerts.noteRuleChange,
    })
    const runner = createRuleRunner({
      engine: createEngine({ rules: rules.rules(), directory }),
      journal,
      records,
      clock,
      logger,
      metrics,
      async onFindings(tx, findings) {
        await alerts.applyFindings(tx, findings)
        await cases.applyFindings(tx, findings)
      },
      committed: () => tellFeed(),
    })
    await runner.start()
    stops.add('rules', () => runner.stop())
    const run = createTrialRunner({ directory: () => directory, history, journalPath: dataDir.journalPath })
    const trials = createTrials({ registry: rules, run })
    stops.add('trials of rules', trials.stop)

    // From here on it is known how far the journal's time goes, and which messages it has.
    const ingest = createIngest(config.ingest, { ...room, journal, observeTime: deps.observeTime })
    await ingest.start()

    // People.
    const dashboard = createDashboard(config.dashboard, {
      ...room,
      alerts,
      cases,
      rules,
      trials,
      registry: {
        ...registry,
        onChange: (tell) => registry.onChange((readings) => tell(readings.map(({ device }) => device))),
      },
      history,
      journal,
      wallClock,
      status: () => ({ rulesBehind: runner.behind(), historyBehind: history.status().behind }),
      readiness: async () =>
        readiness({
          journal: journalFault,
          clock: clockFault(ingest.clockBehind()),
          history: history.status(),
        }),
      metricsText: metrics.text,
      webRoot,
    })
    await dashboard.start()
    stops.add('dashboard', () => dashboard.stop())
    tellFeed = dashboard.publishChanges

    // Devices, last: now whatever they say is heard by everybody.
    const tick = async (): Promise<void> => {
      journalFault = await ingest.tick().then(() => undefined, String)
    }
    const credentials = createCredentials(await records.credentials.all())
    const broker = createBroker(config.broker, {
      authenticate: credentials.check,
      deviceTopic: (device) => directory.device(device),
      deliver: ingest.receive,
      clock: wallClock,
      logger,
      metrics,
    })
    await broker.start()
    stops.add('broker', () => broker.stop())

    const reloadCommunity = createReload({
      directory,
      records,
      logger,
      metrics,
      load: () => loadCommunity(config.community),
      kick: broker.kick,
      signOut: dashboard.signOut,
    })
    reload = async () => {
      const report = await reloadCommunity()
      await rules.reload()
      return report
    }

    // What happens by itself. A replay clock has no ticks: its time passes with the entries alone.
    if (config.clock === 'system') repeat('tick', { ms: TICK_MS, by: clock }, tick)
    const watchClock = async (): Promise<void> => {
      const fault = clockFault(ingest.clockBehind())
      if (fault) logger.error({ behindMs: ingest.clockBehind() }, fault)
    }
    await watchClock()
    repeat('clock watch', { ms: CLOCK_WATCH_MS, by: wallClock }, watchClock)
    repeat('alert sweep', { ms: SWEEP_MS, by: clock }, () => alerts.sweep(clock.now()))
    const followCredentials = credentialWatch({
      credentials,
      load: records.credentials.all,
      kick: broker.kick,
    })
    repeat('credentials', { ms: CREDENTIALS_MS, by: wallClock }, followCredentials)
    repeat('journal trim', { ms: TRIM_MS, by: wallClock }, async () => {
      const read = await Promise.all(['rules-state', 'registry'].map((name) => records.cursors.get(name)))
      const everybodyHas = Math.min(history.status().cursor, ...read)
      await journal.trim(everybodyHas, clock.now() - config.journal.keepDays * DAY_MS)
    })

    const console = dashboard.address() ?? ''
    const { port, tlsPort } = broker.address()
    const mqtt = `mqtt://${config.broker.host}:${port}`
    const mqtts = tlsPort === undefined ? undefined : `mqtts://${config.broker.tls?.host}:${tlsPort}`
    logger.info(
      { console, mqtt, mqtts, devices: directory.devices().length, rules: rules.list().length },
      'the hub is up',
    )
    return { console, mqtt, mqtts }
  }

  return {
    async start() {
      try {
        return await open()
      } catch (error) {
        await stops.unwind()
        throw error
      }
    },
    reload: () => reload(),
    stop: () => stops.unwind(),
  }
}
