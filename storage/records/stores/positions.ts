/** State of journal readers between two starts: cursors, rule state, latest readings. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LatestReading } from '../../../model/live-feed.ts'
import type { RecordsTx } from '../../../model/ports/records.ts'
import { atomically, chunksOf, type Db, fromDoc, toDoc } from '../rows.ts'

export function cursorStore(db: Db): RecordsTx['cursors'] {
  return {
    async get(name) {
      const row = await db.selectFrom('cursors').select('seq').where('name', '=', name).executeTakeFirst()
      return row?.seq ?? 0
    },
    async set(name, seq) {
      await db
        .insertInto('cursors')
        .values({ name, seq })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ seq }))
        .execute()
    },
  }
}

export function ruleStateStore(db: Db): RecordsTx['ruleState'] {
  return {
    async load() {
      const state = new Map<string, string>()
      for await (const rows of pagesOf(db)) for (const { key, value } of rows) state.set(key, value)
      return state
    },
    save: (rows) => atomically(db, (tx) => saveRuleState(tx, rows)),
    stage: (rows) => atomically(db, (tx) => stageRuleState(tx, rows)),
    commitStaged: () => atomically(db, commitStagedRuleState),
    async discardStaged() {
      await db.deleteFrom('rule_state_staged').execute()
    },
  }
}

/** Rows of one read: thousands of devices have megabytes, and other work must run in between. */
const PAGE_ROWS = 1000

async function* pagesOf(db: Db): AsyncGenerator<readonly { readonly key: string; readonly value: string }[]> {
  let after = ''
  for (;;) {
    const query = db.selectFrom('rule_state').select(['key', 'value']).where('key', '>', after)
    const rows = await query.orderBy('key').limit(PAGE_ROWS).execute()
    yield rows
    if (rows.length < PAGE_ROWS) return
    after = rows.at(-1)?.key ?? ''
    await nextTurn()
  }
}

async function saveRuleState(tx: Db, rows: ReadonlyMap<string, string | null>): Promise<void> {
  const saved: { key: string; value: string }[] = []
  const deleted: string[] = []
  for (const [key, value] of rows) {
    if (value === null) deleted.push(key)
    else saved.push({ key, value })
  }
  for (const keys of chunksOf(deleted)) await tx.deleteFrom('rule_state').where('key', 'in', keys).execute()
  for (const values of chunksOf(saved))
    await tx
      .insertInto('rule_state')
      .values(values)
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet((set) => ({ value: set.ref('excluded.value') })),
      )
      .execute()
}

async function stageRuleState(tx: Db, rows: ReadonlyMap<string, string | null>): Promise<void> {
  for (const chunk of chunksOf([...rows]))
    await tx
      .insertInto('rule_state_staged')
      .values(chunk.map(([key, value]) => ({ key, value })))
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet((set) => ({ value: set.ref('excluded.value') })),
      )
      .execute()
}

async function commitStagedRuleState(tx: Db): Promise<void> {
  const staged = tx.selectFrom('rule_state_staged')
  await tx.deleteFrom('rule_state').where('key', 'in', staged.select('key')).execute()
  await tx
    .insertInto('rule_state')
    .columns(['key', 'value'])
    .expression(
      staged.select(['key', (row) => row.ref('value').$notNull().as('value')]).where('value', 'is not', null),
    )
    .execute()
  await tx.deleteFrom('rule_state_staged').execute()
}

export function latestStore(db: Db): RecordsTx['latest'] {
  return {
    async load() {
      const rows = await db.selectFrom('latest').select('doc').orderBy('device').execute()
      return rows.map(fromDoc<LatestReading>)
    },
    save: (readings) => atomically(db, (tx) => saveLatest(tx, readings)),
  }
}

async function saveLatest(tx: Db, readings: readonly LatestReading[]): Promise<void> {
  // One statement must not contain a device twice (PostgreSQL refuses it); the last reading counts.
  const docs = new Map(readings.map((reading) => [reading.device, toDoc(reading)]))
  for (const chunk of chunksOf([...docs]))
    await tx
      .insertInto('latest')
      .values(chunk.map(([device, doc]) => ({ device, doc })))
      .onConflict((conflict) =>
        conflict.column('device').doUpdateSet((set) => ({ doc: set.ref('excluded.doc') })),
      )
      .execute()
}
