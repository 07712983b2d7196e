/** A dashboard over the real records, alerts and cases, for tests over HTTP and socket.io. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAlerts } from '../../alerts/alerts.ts'
import { alertOptions } from '../../alerts/options.ts'
import { createCases } from '../../cases/cases.ts'
import { caseOptions } from '../../cases/options.ts'
import { createDashboard, type Dashboard } from '../../dashboard/server/dashboard.ts'
import type { DashboardDeps, Readiness } from '../../dashboard/server/deps.ts'
import { dashboardOptions } from '../../dashboard/server/options.ts'
import { hashPassword } from '../../dashboard/server/passwords.ts'
import { type ManualClock, manualClock } from '../../model/clock.ts'
import type { Finding } from '../../model/finding.ts'
import type { LatestReading } from '../../model/live-feed.ts'
import type { Directory } from '../../model/ports/directory.ts'
import type { History, HistoryPoint, HistoryQuery } from '../../model/ports/history.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { type Metrics, noMetrics } from '../../model/ports/metrics.ts'
import type { Records } from '../../model/ports/records.ts'
import type { Role, User } from '../../model/user.ts'
import { openSqliteRecords } from '../../storage/records/sqlite-records.ts'
import { device, directoryOf, finding } from './alert-fixtures.ts'
import { createFeedClient, type FeedClient, type FeedClientOptions } from './feed-client.ts'
import { type MemoryJournal, memoryJournal } from './memory-journal.ts'
import { openRuleDesk } from './rule-service.ts'

export const password = 'right-horse-battery'
const start = Date.UTC(2026, 2, 1, 8)

export interface HubOptions {
  /** Overrides of `dashboardOptions`. */
  readonly dashboard?: Record<string, unknown>
  /** Wraps the records, e.g. to make some calls slow or fail. */
  readonly wrapRecords?: (records: Records) => Records
  readonly directory?: Directory
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Parsed JSON, or text. Untyped on purpose: the test checks it. */
  readonly body: ReturnType<JSON['parse']>
}

export interface TestHub {
  readonly url: string
  readonly records: Records
  readonly dashboard: Dashboard
  readonly clock: ManualClock
  readonly latest: Map<string, LatestReading>
  readonly readiness: { now: Readiness }
  readonly history: { points: HistoryPoint[]; queries: HistoryQuery[]; error?: Error }
  readonly journal: MemoryJournal
  /** New readings arrive. */
  receive(readings: readonly LatestReading[]): void
  /** Applies findings as the rules runner does, then publishes the changes. */
  find(...findings: readonly Partial<Finding>[]): Promise<void>
  /** The cookie header of a new session of `crew`, `duty-officer` … (see `people`). */
  cookieOf(login: string): Promise<string>
  get(path: string, cookie?: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body: unknown, cookie?: string, headers?: Record<string, string>): Promise<Answer>
  put(path: string, body: unknown, cookie?: string, headers?: Record<string, string>): Promise<Answer>
  /** Open live feeds, from the dashboard's gauge. */
  consoles(): number
  feed(cookie: string, options?: Partial<FeedClientOptions>): FeedClient
  stop(): Promise<void>
}

/** One user per role, login = role, and a second crew. */
export function people(passwordHash: string): User[] {
  const person = (login: string, role: Role, crew: string | null = null): User => ({
    login,
    name: login,
    role,
    crew,
    grid: role === 'grid-worker' ? 'grid-1' : null,
    passwordHash,
    disabled: false,
  })
  return [
    person('duty-officer', 'duty-officer'),
    person('grid-worker', 'grid-worker'),
    person('supervisor', 'supervisor'),
    person('administrator', 'administrator'),
    person('crew', 'crew', 'crew-1'),
    person('other-crew', 'crew', 'crew-2'),
  ]
}

const crewOf = (id: string) => ({ id, name: { zh: id, en: id }, site: null, deviceTypes: [] })

export async function startHub(options: HubOptions = {}): Promise<TestHub> {
  const folder = mkdtempSync(join(tmpdir(), 'linli-hub-'))
  const real = await openSqliteRecords(join(folder, 'records.db'))
  const records = options.wrapRecords?.(real) ?? real
  const passwordHash = await hashPassword(password)
  for (const user of people(passwordHash)) await real.users.put(user)

  const clock = manualClock(start)
  const gauges = readableGauges()
  const directory =
    options.directory ??
    directoryOf([device('lamp-1'), device('lamp-2')], [crewOf('crew-1'), crewOf('crew-2')])
  const common = {
    records: real,
    directory: () => directory,
    clock,
    logger: silentLogger,
    metrics: gauges,
  }
  let dashboard: Dashboard | undefined
  const changed = (): void => dashboard?.publishChanges()
  const alerts = createAlerts(alertOptions.parse({}), { ...common, changed })
  const cases = createCases(caseOptions.parse({}), { ...common, changed })
  const sources = fakeSources()
  const deps: DashboardDeps = {
    ...common,
    ...sources.deps,
    records,
    alerts,
    cases,
    ...(await openRuleDesk({
      ...{ records: real, directory, noteChange: alerts.noteRuleChange },
      only: ['bin-full', 'bin-fire'],
    })),
    webRoot: buildPages(join(folder, 'web')),
  }
  dashboard = createDashboard(dashboardOptions.parse({ port: 0, ...options.dashboard }), deps)
  const close = async (): Promise<void> => {
    await dashboard?.stop()
    await real.close()
    rmSync(folder, { recursive: true, force: true })
  }
  await dashboard.start().catch(async (error: unknown) => {
    await close()
    throw error
  })
  const url = dashboard.address() ?? ''
  const client = httpClient(url)
  return {
    ...sources,
    ...client,
    url,
    records: real,
    dashboard,
    clock,
    async find(...findings) {
      await real.transaction((tx) => alerts.applyFindings(tx, findings.map(finding)))
      changed()
    },
    consoles: () => gauges.read('linli_feed_consoles'),
    feed: (cookie, more) => createFeedClient({ url, cookie, ...more }),
    stop: close,
  }
}

function fakeSources() {
  const latest = new Map<string, LatestReading>()
  const listeners = new Set<(devices: readonly string[]) => void>()
  const history: TestHub['history'] = { points: [], queries: [] }
  const readiness = { now: { ready: true, reasons: [] as readonly string[] } }
  const queryHistory: History['query'] = async (query) => {
    history.queries.push(query)
    if (history.error) throw history.error
    return history.points
  }
  const deps = {
    registry: {
      latest: (id: string) => latest.get(id),
      all: () => [...latest.values()],
      onlineCount: () => [...latest.values()].filter((reading) => reading.online).length,
      onChange(listener: (devices: readonly string[]) => void) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    history: { query: queryHistory },
    journal: memoryJournal(),
    status: () => ({ rulesBehind: 3, historyBehind: 4 }),
    readiness: async () => readiness.now,
    metricsText: async () => '# HELP linli_up Is it\nlinli_up 1\n',
  }
  const receive = (readings: readonly LatestReading[]): void => {
    for (const reading of readings) latest.set(reading.device, reading)
    for (const listener of listeners) listener(readings.map((reading) => reading.device))
  }
  return { latest, history, readiness, receive, journal: deps.journal, deps }
}

function httpClient(url: string): Pick<TestHub, 'cookieOf' | 'get' | 'post' | 'put'> {
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(url + path, init)
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') === true
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text }
  }
  const sending =
    (method: 'POST' | 'PUT'): TestHub['post'] =>
    (path, body, cookie = '', headers = {}) =>
      ask(path, {
        method,
        body: JSON.stringify(body),
        headers: {
          cookie,
          origin: url,
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
          ...headers,
        },
      })
  const post = sending('POST')
  return {
    post,
    put: sending('PUT'),
    get: (path, cookie = '', headers = {}) => ask(path, { headers: { cookie, ...headers } }),
    async cookieOf(login) {
      const answer = await post('/api/v1/login', { login, password })
      if (answer.status !== 200) throw new Error(`sign-in of ${login}: ${answer.status}`)
      return (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? ''
    },
  }
}

/** Metrics with readable gauges. */
function readableGauges(): Metrics & { read(name: string): number } {
  const gauges = new Map<string, () => number>()
  return {
    ...noMetrics,
    gauge: (name, _help, read) => void gauges.set(name, read),
    read: (name) => gauges.get(name)?.() ?? Number.NaN,
  }
}

/** Two small pages in place of the built web apps. */
function buildPages(root: string): string {
  mkdirSync(join(root, 'crew'), { recursive: true })
  mkdirSync(join(root, 'assets'))
  writeFileSync(join(root, 'index.html'), '<title>ops</title>')
  writeFileSync(join(root, 'crew/index.html'), '<title>crew</title>')
  writeFileSync(join(root, 'assets/app-1a2b.js'), 'export {}')
  return root
}
