/** The change log: numbers without gaps within one epoch, never reused. */
import { randomUUID } from 'node:crypto'
import type { Change, FeedCursor, NewChange } from '../../../model/change.ts'
import type { RecordsTx } from '../../../model/ports/records.ts'
import { atomically, type Db, fromDoc, toDoc } from '../rows.ts'

export function changeStore(db: Db): RecordsTx['changes'] {
  return {
    append: (change) => atomically(db, (tx) => append(tx, change)),
    async after(seq, limit) {
      const rows = await db
        .selectFrom('changes')
        .select('doc')
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(limit)
        .execute()
      return rows.map(fromDoc<Change>)
    },
    async of(entity, id) {
      const rows = await db
        .selectFrom('changes')
        .select('doc')
        .where('entity', '=', entity)
        .where('entity_id', '=', id)
        .orderBy('seq')
        .execute()
      return rows.map(fromDoc<Change>)
    },
    head: () => db.selectFrom('change_head').select(['epoch', 'seq']).executeTakeFirstOrThrow(),
    async firstSeq() {
      const row = await db
        .selectFrom('changes')
        .select((select) => select.fn.min('seq').as('first'))
        .executeTakeFirst()
      return row?.first ?? 0
    },
    trim: (at) => atomically(db, (tx) => trim(tx, at)),
  }
}

/** The last number has a row of its own, so it is rolled back with its transaction and survives a trim. */
async function append(tx: Db, change: NewChange): Promise<Change> {
  const { seq } = await tx
    .updateTable('change_head')
    .set((set) => ({ seq: set('seq', '+', 1) }))
    .returning('seq')
    .executeTakeFirstOrThrow()
  const numbered: Change = { ...change, seq, prevSeq: seq - 1 }
  await tx
    .insertInto('changes')
    .values({
      seq,
      at: change.at,
      entity: change.entity,
      entity_id: change.after.id,
      doc: toDoc(numbered),
    })
    .execute()
  return numbered
}

/** Deletes from the oldest on: after the clock moved back, a change with an earlier time stays until those before it expire. */
async function trim(tx: Db, at: number): Promise<number> {
  const retained = await tx
    .selectFrom('changes')
    .select((select) => select.fn.min('seq').as('first'))
    .where('at', '>=', at)
    .executeTakeFirst()
  const first = retained?.first ?? Number.MAX_SAFE_INTEGER
  const { numDeletedRows } = await tx.deleteFrom('changes').where('seq', '<', first).executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}

/** Invalidates the cursors of all consoles. For a restore, after which numbers may refer to other changes. */
export async function resetEpoch(db: Db): Promise<FeedCursor> {
  return db
    .updateTable('change_head')
    .set({ epoch: randomUUID() })
    .returning(['epoch', 'seq'])
    .executeTakeFirstOrThrow()
}
