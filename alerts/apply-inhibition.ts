/** After changes: alerts go under their common cause, or come out from under it (promise 6). */
import type { Alert } from '../model/alert.ts'
import { type Batch, byRules } from './batch.ts'
import { clockSlackMs } from './expiry.ts'
import { explainedBy } from './inhibition.ts'
import { changed } from './step.ts'

export interface SettleTime {
  /** Hub clock, ms. */
  readonly now: number
  /** How long alerts stay under a cause that has cleared, ms. */
  readonly graceMs: number
}

/**
 * Brings `heldBy` of every alert concerned up to date. What is still active some time after its cause cleared is
 * released and stands for itself again; what cleared under its cause counts as seen once the cause is acknowledged, or
 * it would stay open where nobody looks.
 */
export async function settle(batch: Batch, time: SettleTime): Promise<void> {
  const touched = batch.changed()
  if (touched.length === 0) return
  const open = await batch.open()
  const causeMoved = touched.some((alert) => alert.inhibits.length > 0)
  for (const { id } of causeMoved ? [...open.values()] : touched) {
    const alert = open.get(id)
    if (!alert) continue
    if (alert.condition === 'active') await hold(batch, alert, time)
    else await seeWithCause(batch, alert, time.now)
  }
}

/** Held by something that is not active any more: to be looked at again with `hold` until it is released. */
export function isOrphaned(alert: Alert, open: ReadonlyMap<string, Alert>): boolean {
  return (
    alert.condition === 'active' &&
    alert.inhibitedBy !== null &&
    open.get(alert.inhibitedBy)?.condition !== 'active'
  )
}

/** Puts one active alert where it belongs now. */
export async function hold(batch: Batch, alert: Alert, time: SettleTime): Promise<void> {
  const heldBy = explainedBy(alert, await batch.open())
  if (heldBy === alert.inhibitedBy) return
  if (heldBy === null && (await isInGrace(batch, alert, time))) return
  await batch.put(changed(alert, heldBy === null ? 'released' : 'held', { inhibitedBy: heldBy }), byRules)
}

/** A cause that never was has nothing to come back from; a critical alert waits for nothing. */
async function isInGrace(batch: Batch, alert: Alert, { now, graceMs }: SettleTime): Promise<boolean> {
  if (alert.inhibitedBy === null || alert.severity === 'critical') return false
  const cause = await batch.get(alert.inhibitedBy)
  if (!cause || cause.retracted || cause.clearedAt === null) return false
  const age = now - cause.clearedAt
  return age < graceMs && age > -clockSlackMs
}

async function seeWithCause(batch: Batch, alert: Alert, now: number): Promise<void> {
  if (alert.inhibitedBy === null || alert.attention === 'acknowledged') return
  const cause = await batch.get(alert.inhibitedBy)
  if (cause?.attention !== 'acknowledged') return
  const seen = changed(alert, 'acknowledged', {
    attention: 'acknowledged',
    acknowledgedAt: now,
    acknowledgedBy: cause.acknowledgedBy,
  })
  await batch.put(seen, { actor: cause.acknowledgedBy ?? 'rules', note: null })
}
