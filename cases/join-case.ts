/** The same fault again, while it is being repaired, is no second repair (domain.md L5). */
import type { Alert } from '../model/alert.ts'
import type { Case } from '../model/case.ts'
import type { Finding } from '../model/finding.ts'
import type { RecordsTx } from '../model/ports/records.ts'
import { closeDone } from './close-case.ts'
import { type Line, linkAlert, putCase } from './ledger.ts'
import { type Deciding, urgencyOf } from './options.ts'
import { moveCase } from './transitions.ts'

/**
 * Puts the alert of a finding into the case that is open for the same rule at the same device or group and not older than the
 * finding's `sameCase`. From then on the case waits for the end of the newest alert. What a crew had reported as done did
 * not put it right: the case is open again, and those orders are over. An alert that a common cause explains says nothing
 * of the repair and stays by itself. Returns whether there was such a case.
 */
export async function joinCase(tx: RecordsTx, finding: Finding, deciding: Deciding): Promise<boolean> {
  const alert = await tx.alerts.get(finding.episode)
  if (alert?.condition !== 'active' || alert.caseId !== null || alert.inhibitedBy !== null) return false
  const oldest = deciding.now - (finding.sameCase ?? 0)
  const value = await caseOfSame(tx, alert, oldest)
  if (!value) return false
  const line: Line = { at: deciding.now, actor: 'rules', note: null }
  await linkAlert(tx, alert, { caseId: value.id, action: 'case-joined', line })
  if (value.state === 'done') await closeDone(tx, await tx.workOrders.ofCase(value.id), line)
  const patch = { ...urgencyOf(value, alert, deciding), alertId: alert.id, state: 'open' } as const
  await putCase(tx, moveCase(value, patch), 'happened-again', line)
  return true
}

/** The newest one, should there be several. */
async function caseOfSame(tx: RecordsTx, alert: Alert, oldest: number): Promise<Case | undefined> {
  const near = (await tx.cases.open()).filter(
    ({ site, kind, device, openedAt }) =>
      site === alert.site &&
      kind === alert.kind &&
      openedAt >= oldest &&
      // Of a circuit, which lamp was the first to go out is another one each time.
      device !== null &&
      alert.devices.includes(device),
  )
  for (const value of near.toSorted((a, b) => b.openedAt - a.openedAt)) {
    const former = value.alertId === null ? undefined : await tx.alerts.get(value.alertId)
    if (former?.rule === alert.rule && former.devices.includes(alert.device)) return value
  }
  return undefined
}
