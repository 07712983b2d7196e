/** Alerts of one decision in and out of the records. */
import type { Alert } from '../model/alert.ts'
import type { RecordsTx } from '../model/ports/records.ts'
import type { AlertChange, KnownAlerts } from './working-list.ts'

/** The open alerts, those with the given ids, and the causes of all of them. */
export async function loadAlerts(
  { alerts }: Pick<RecordsTx, 'alerts'>,
  ids: readonly string[] = [],
): Promise<KnownAlerts> {
  const open = new Map((await alerts.open()).map((alert) => [alert.id, alert]))
  const others = new Map<string, Alert>()
  const add = async (id: string): Promise<void> => {
    const alert = open.has(id) || others.has(id) ? undefined : await alerts.get(id)
    if (alert) others.set(id, alert)
  }
  for (const id of ids) await add(id)
  for (const { inhibitedBy } of [...open.values(), ...others.values()])
    if (inhibitedBy !== null) await add(inhibitedBy)
  return { open, find: (id) => open.get(id) ?? others.get(id) }
}

/** Writes each change with its entry in the change log; `now`: hub clock, ms. */
export async function storeChanges(
  tx: RecordsTx,
  changes: readonly AlertChange[],
  now: number,
): Promise<void> {
  for (const { alert, action, by } of changes) {
    await tx.alerts.put(alert)
    await tx.changes.append({ entity: 'alert', at: now, action, ...by, after: alert })
  }
}
