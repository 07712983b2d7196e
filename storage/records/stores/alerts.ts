/** Alerts. */
import { type Alert, isOpen } from '../../../model/alert.ts'
import type { AlertQuery, RecordsTx } from '../../../model/ports/records.ts'
import { atomically, chunksOf, type Db, fromDoc, fromOptionalDoc, toDoc } from '../rows.ts'

export function alertStore(db: Db): RecordsTx['alerts'] {
  return {
    get: async (id) =>
      fromOptionalDoc(await db.selectFrom('alerts').select('doc').where('id', '=', id).executeTakeFirst()),
    put: (alert) => atomically(db, (tx) => put(tx, alert)),
    open: async () => {
      const rows = await db
        .selectFrom('alerts')
        .select('doc')
        .where('open', '=', 1)
        .orderBy('raised_at')
        .orderBy('id')
        .execute()
      return rows.map(fromDoc<Alert>)
    },
    find: (query) => find(db, query),
  }
}

async function put(tx: Db, alert: Alert): Promise<void> {
  const row = {
    device: alert.device,
    site: alert.site,
    raised_at: alert.raisedAt,
    cleared_at: alert.clearedAt,
    open: isOpen(alert) ? 1 : 0,
    doc: toDoc(alert),
  }
  const others = [...new Set(alert.devices)].filter((device) => device !== alert.device)
  // Statements run in this order on the single connection, so they need not be awaited one by one.
  await Promise.all([
    tx
      .insertInto('alerts')
      .values({ id: alert.id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute(),
    tx.deleteFrom('alert_devices').where('alert_id', '=', alert.id).execute(),
    ...chunksOf(others).map((devices) =>
      tx
        .insertInto('alert_devices')
        .values(devices.map((device) => ({ alert_id: alert.id, device })))
        .execute(),
    ),
  ])
}

async function find(db: Db, { device, site, from, to, limit }: AlertQuery): Promise<Alert[]> {
  let query = db.selectFrom('alerts').select('doc')
  if (device !== undefined)
    query = query.where((where) =>
      where.or([
        where('device', '=', device),
        where(
          'id',
          'in',
          where.selectFrom('alert_devices').select('alert_id').where('alert_devices.device', '=', device),
        ),
      ]),
    )
  if (site !== undefined) query = query.where('site', '=', site)
  if (to !== undefined) query = query.where('raised_at', '<=', to)
  if (from !== undefined)
    query = query.where((where) =>
      where.or([where('cleared_at', 'is', null), where('cleared_at', '>=', from)]),
    )
  const rows = await query.orderBy('raised_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return rows.map(fromDoc<Alert>)
}
