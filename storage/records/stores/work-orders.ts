/** Work orders. */
import type { WorkOrder } from '../../../model/case.ts'
import type { RecordsTx } from '../../../model/ports/records.ts'
import { type Db, fromDoc, fromOptionalDoc, toDoc } from '../rows.ts'

const isOver = ({ state }: WorkOrder): boolean => state === 'closed' || state === 'cancelled'

export function workOrderStore(db: Db): RecordsTx['workOrders'] {
  const ordered = () => db.selectFrom('work_orders').select('doc').orderBy('created_at').orderBy('id')
  return {
    get: async (id) =>
      fromOptionalDoc(
        await db.selectFrom('work_orders').select('doc').where('id', '=', id).executeTakeFirst(),
      ),
    async put(value) {
      const row = {
        case_id: value.caseId,
        crew: value.crew,
        created_at: value.createdAt,
        open: isOver(value) ? 0 : 1,
        doc: toDoc(value),
      }
      await db
        .insertInto('work_orders')
        .values({ id: value.id, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute()
    },
    ofCase: async (caseId) =>
      (await ordered().where('case_id', '=', caseId).execute()).map(fromDoc<WorkOrder>),
    async open(crew) {
      const open = ordered().where('open', '=', 1)
      const rows = await (crew === undefined ? open : open.where('crew', '=', crew)).execute()
      return rows.map(fromDoc<WorkOrder>)
    },
  }
}
