/** Records kept in memory, for tests of rooms that need some: transactions are serial and roll back as the real ones do. */
import { type Alert, isOpen } from '../../model/alert.ts'
import type { Case, WorkOrder } from '../../model/case.ts'
import type { Change } from '../../model/change.ts'
import { LinliError } from '../../model/errors.ts'
import type { LatestReading } from '../../model/live-feed.ts'
import type { DeviceCredential, Records, RecordsTx } from '../../model/ports/records.ts'
import type { RuleVersion } from '../../model/rule-version.ts'
import type { Session, User } from '../../model/user.ts'

interface Tables {
  alerts: Map<string, Alert>
  cases: Map<string, Case>
  numbers: Map<string, number>
  workOrders: Map<string, WorkOrder>
  changes: Change[]
  lastSeq: number
  cursors: Map<string, number>
  ruleState: Map<string, string>
  staged: Map<string, string | null>
  rules: RuleVersion[]
  latest: Map<string, LatestReading>
  users: Map<string, User>
  sessions: Map<string, Session>
  credentials: Map<string, DeviceCredential>
  idempotency: Map<string, { answer: string; at: number }>
}

const emptyTables = (): Tables => ({
  alerts: new Map(),
  cases: new Map(),
  numbers: new Map(),
  workOrders: new Map(),
  changes: [],
  lastSeq: 0,
  cursors: new Map(),
  ruleState: new Map(),
  staged: new Map(),
  rules: [],
  latest: new Map(),
  users: new Map(),
  sessions: new Map(),
  credentials: new Map(),
  idempotency: new Map(),
})

/** Maps and lists are copied, rows are not: they are replaced, never changed. */
const copyTables = (tables: Tables): Tables =>
  Object.fromEntries(
    Object.entries(tables).map(([name, table]) => [
      name,
      table instanceof Map ? new Map(table) : Array.isArray(table) ? [...table] : table,
    ]),
  ) as unknown as Tables

function deleteWhere<V>(map: Map<string, V>, matches: (value: V) => boolean): number {
  const keys = [...map].filter(([, value]) => matches(value)).map(([key]) => key)
  for (const key of keys) map.delete(key)
  return keys.length
}

function alertRows(tables: () => Tables): RecordsTx['alerts'] {
  return {
    get: async (id) => tables().alerts.get(id),
    put: async (alert) => void tables().alerts.set(alert.id, alert),
    open: async () => [...tables().alerts.values()].filter(isOpen),
    find: async ({ device, site, from, to, limit }) =>
      [...tables().alerts.values()]
        .filter((alert) => device === undefined || alert.device === device || alert.devices.includes(device))
        .filter((alert) => site === undefined || alert.site === site)
        .filter((alert) => from === undefined || (alert.clearedAt ?? Number.POSITIVE_INFINITY) >= from)
        .filter((alert) => to === undefined || alert.raisedAt <= to)
        .sort((a, b) => b.raisedAt - a.raisedAt)
        .slice(0, limit),
  }
}

function caseRows(tables: () => Tables): Pick<RecordsTx, 'cases' | 'workOrders'> {
  return {
    cases: {
      get: async (id) => tables().cases.get(id),
      put: async (value) => void tables().cases.set(value.id, value),
      open: async () => [...tables().cases.values()].filter((one) => one.state !== 'closed'),
      recent: async (limit) =>
        [...tables().cases.values()].sort((a, b) => b.openedAt - a.openedAt).slice(0, limit),
      async nextNumber(day) {
        const number = (tables().numbers.get(day) ?? 0) + 1
        tables().numbers.set(day, number)
        return number
      },
    },
    workOrders: {
      get: async (id) => tables().workOrders.get(id),
      put: async (value) => void tables().workOrders.set(value.id, value),
      ofCase: async (caseId) => [...tables().workOrders.values()].filter((order) => order.caseId === caseId),
      open: async (crew) =>
        [...tables().workOrders.values()].filter(
          (order) =>
            order.state !== 'closed' &&
            order.state !== 'cancelled' &&
            (crew === undefined || order.crew === crew),
        ),
    },
  }
}

function changeRows(tables: () => Tables): Pick<RecordsTx, 'changes'> {
  return {
    changes: {
      async append(change) {
        const prevSeq = tables().lastSeq
        tables().lastSeq = prevSeq + 1
        const numbered: Change = { ...change, seq: prevSeq + 1, prevSeq }
        tables().changes.push(numbered)
        return numbered
      },
      after: async (seq, limit) =>
        tables()
          .changes.filter((change) => change.seq > seq)
          .slice(0, limit),
      of: async (entity, id) =>
        tables().changes.filter((change) => change.entity === entity && change.after.id === id),
      head: async () => ({ epoch: 'memory', seq: tables().lastSeq }),
      firstSeq: async () => tables().changes[0]?.seq ?? 0,
      async trim(at) {
        const before = tables().changes.length
        tables().changes = tables().changes.filter((change) => change.at >= at)
        return before - tables().changes.length
      },
    },
  }
}

function saveRows({ ruleState }: Tables, rows: ReadonlyMap<string, string | null>): void {
  for (const [key, value] of rows) {
    if (value === null) ruleState.delete(key)
    else ruleState.set(key, value)
  }
}

function stateRows(tables: () => Tables): Pick<RecordsTx, 'cursors' | 'ruleState' | 'latest'> {
  return {
    cursors: {
      get: async (name) => tables().cursors.get(name) ?? 0,
      set: async (name, seq) => void tables().cursors.set(name, seq),
    },
    ruleState: {
      load: async () => new Map(tables().ruleState),
      save: async (rows) => saveRows(tables(), rows),
      async stage(rows) {
        for (const [key, value] of rows) tables().staged.set(key, value)
      },
      async commitStaged() {
        saveRows(tables(), tables().staged)
        tables().staged.clear()
      },
      discardStaged: async () => tables().staged.clear(),
    },
    latest: {
      load: async () => [...tables().latest.values()],
      async save(readings) {
        for (const reading of readings) tables().latest.set(reading.device, reading)
      },
    },
  }
}

function ruleRows(tables: () => Tables): Pick<RecordsTx, 'rules'> {
  const ofRule = (rule: string) => tables().rules.filter((version) => version.rule === rule)
  return {
    rules: {
      async append(version) {
        if (ofRule(version.rule).some((one) => one.version === version.version))
          throw new LinliError('CONFLICT', `${version.rule} has a version ${version.version} already`)
        tables().rules.push(version)
      },
      async newest() {
        const ids = [...new Set(tables().rules.map(({ rule }) => rule))]
        return ids.sort((a, b) => (a < b ? -1 : 1)).flatMap((id) => ofRule(id).sort(newestFirst).slice(0, 1))
      },
      of: async (rule) => ofRule(rule).sort(newestFirst),
    },
  }
}

const newestFirst = (a: RuleVersion, b: RuleVersion): number => b.version - a.version

function peopleRows(
  tables: () => Tables,
): Pick<RecordsTx, 'users' | 'sessions' | 'credentials' | 'idempotency'> {
  return {
    users: {
      get: async (login) => tables().users.get(login),
      put: async (user) => void tables().users.set(user.login, user),
      list: async () => [...tables().users.values()],
    },
    sessions: {
      get: async (idHash) => tables().sessions.get(idHash),
      put: async (session) => void tables().sessions.set(session.idHash, session),
      delete: async (idHash) => void tables().sessions.delete(idHash),
      deleteOfUser: async (login) => {
        deleteWhere(tables().sessions, (session) => session.login === login)
      },
      deleteExpired: async (now) => deleteWhere(tables().sessions, (session) => session.expiresAt <= now),
    },
    credentials: {
      all: async () => new Map(tables().credentials),
      put: async (device, credential) => void tables().credentials.set(device, credential),
    },
    idempotency: {
      get: async (key) => tables().idempotency.get(key)?.answer,
      put: async (key, answer, at) => void tables().idempotency.set(key, { answer, at }),
      deleteBefore: async (at) => deleteWhere(tables().idempotency, (row) => row.at < at),
    },
  }
}

const rowsOf = (tables: () => Tables): RecordsTx => ({
  alerts: alertRows(tables),
  ...caseRows(tables),
  ...changeRows(tables),
  ...stateRows(tables),
  ...ruleRows(tables),
  ...peopleRows(tables),
})

type Method = (...args: readonly unknown[]) => Promise<unknown>
type Groups = Record<string, Record<string, Method>>

/** Nothing survives the process; everything else is as the port says. */
export function memoryRecords(): Records {
  let committed = emptyTables()
  let queue: Promise<unknown> = Promise.resolve()
  const transaction = <T>(work: (tx: RecordsTx) => Promise<T>): Promise<T> => {
    const run = queue.then(async () => {
      const draft = copyTables(committed)
      const result = await work(rowsOf(() => draft))
      committed = draft
      return result
    })
    queue = run.catch(() => {})
    return run
  }
  /** A call outside a transaction is its own. */
  const alone = (group: string, method: string): Method => {
    return (...args) =>
      transaction((tx) => (tx as unknown as Groups)[group]?.[method]?.(...args) as Promise<unknown>)
  }
  const outer = Object.entries(rowsOf(() => committed)).map(([group, methods]) => [
    group,
    Object.fromEntries(Object.keys(methods).map((method) => [method, alone(group, method)])),
  ])
  return { ...(Object.fromEntries(outer) as RecordsTx), transaction, close: async () => {} }
}
