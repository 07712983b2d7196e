/** After changes: alerts go under their common cause, or come out from under it (promise 6). */
import type { Alert } from '../model/alert.ts'
import { type Batch, byRules } from './batch.ts'
import { explainedBy } from './holds.ts'
import { changed } from './step.ts'

/**
 * Brings `heldBy` of every alert concerned up to date. What is still active when its cause clears is released and stands
 * for itself again; what cleared under its cause counts as seen once the cause is acknowledged, or it would stay open
 * where nobody looks.
 */
export async function settle(batch: Batch, now: number): Promise<void> {
  const touched = batch.changed()
  if (touched.length === 0) return
  const open = await batch.open()
  const causeMoved = touched.some((alert) => alert.holds.length > 0)
  for (const { id } of causeMoved ? [...open.values()] : touched) {
    const alert = open.get(id)
    if (!alert) continue
    if (alert.condition === 'active') await hold(batch, alert, open)
    else await seeWithCause(batch, alert, now)
  }
}

async function hold(batch: Batch, alert: Alert, open: ReadonlyMap<string, Alert>): Promise<void> {
  const heldBy = explainedBy(alert, open)
  if (heldBy === alert.heldBy) return
  await batch.put(changed(alert, heldBy === null ? 'released' : 'held', { heldBy }), byRules)
}

async function seeWithCause(batch: Batch, alert: Alert, now: number): Promise<void> {
  if (alert.heldBy === null || alert.attention === 'acknowledged') return
  const cause = await batch.get(alert.heldBy)
  if (cause?.attention !== 'acknowledged') return
  const seen = changed(alert, 'acknowledged', {
    attention: 'acknowledged',
    acknowledgedAt: now,
    acknowledgedBy: cause.acknowledgedBy,
  })
  await batch.put(seen, { actor: cause.acknowledgedBy ?? 'rules', note: null })
}
