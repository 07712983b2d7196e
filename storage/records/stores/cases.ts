/** Cases and their running numbers. */
import type { Case } from '../../../model/case.ts'
import type { RecordsTx } from '../../../model/ports/records.ts'
import { type Db, fromDoc, fromOptionalDoc, toDoc } from '../rows.ts'

export function caseStore(db: Db): RecordsTx['cases'] {
  return {
    get: async (id) =>
      fromOptionalDoc(await db.selectFrom('cases').select('doc').where('id', '=', id).executeTakeFirst()),
    async put(value) {
      const row = { state: value.state, opened_at: value.openedAt, doc: toDoc(value) }
      await db
        .insertInto('cases')
        .values({ id: value.id, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute()
    },
    async open() {
      const rows = await db
        .selectFrom('cases')
        .select('doc')
        .where('state', 'in', ['open', 'done'])
        .orderBy('opened_at')
        .orderBy('id')
        .execute()
      return rows.map(fromDoc<Case>)
    },
    async recent(limit) {
      const rows = await db
        .selectFrom('cases')
        .select('doc')
        .orderBy('opened_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(fromDoc<Case>)
    },
    async nextNumber(day) {
      const { last } = await db
        .insertInto('case_numbers')
        .values({ day, last: 1 })
        .onConflict((conflict) =>
          conflict.column('day').doUpdateSet((set) => ({ last: set('case_numbers.last', '+', 1) })),
        )
        .returning('last')
        .executeTakeFirstOrThrow()
      return last
    },
  }
}
