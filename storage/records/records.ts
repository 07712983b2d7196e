/** The records on any Kysely database: all stores, with and without a transaction. */
import type { Kysely } from 'kysely'
import type { Records, RecordsTx } from '../../model/ports/records.ts'
import type { Db } from './rows.ts'
import { alertStore } from './stores/alerts.ts'
import { caseStore } from './stores/cases.ts'
import { changeStore } from './stores/changes.ts'
import { credentialStore, idempotencyStore, sessionStore, userStore } from './stores/people.ts'
import { cursorStore, latestStore, ruleStateStore } from './stores/positions.ts'
import { ruleVersionStore } from './stores/rules.ts'
import { workOrderStore } from './stores/work-orders.ts'
import type { Tables } from './tables.ts'

function storesOf(db: Db): RecordsTx {
  return {
    alerts: alertStore(db),
    cases: caseStore(db),
    workOrders: workOrderStore(db),
    changes: changeStore(db),
    cursors: cursorStore(db),
    ruleState: ruleStateStore(db),
    rules: ruleVersionStore(db),
    latest: latestStore(db),
    users: userStore(db),
    sessions: sessionStore(db),
    credentials: credentialStore(db),
    idempotency: idempotencyStore(db),
  }
}

/** `db` must be migrated; it is closed with the records. */
export function createRecords(db: Kysely<Tables>): Records {
  return {
    ...storesOf(db),
    transaction: (work) => db.transaction().execute((tx) => work(storesOf(tx))),
    close: () => db.destroy(),
  }
}
