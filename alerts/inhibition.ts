/** Inhibition: alerts are listed under the alert of their common cause while it is active (promise 6). Pure. */
import type { Alert } from '../model/alert.ts'
import { clockSlackMs } from './expire.ts'
import { changed } from './step.ts'
import { byRules, type ListTime, type WorkingList } from './working-list.ts'

/**
 * The id of the alert that inhibits `alert`, or null. A critical alert is never inhibited (promise 7), a cleared one needs
 * no cause. Of several causes the earliest counts, so that the result does not depend on the order of arrival.
 */
export function findInhibitor(alert: Alert, open: ReadonlyMap<string, Alert>): string | null {
  if (alert.severity === 'critical' || alert.condition !== 'active') return null
  let best: Alert | undefined
  for (const cause of open.values()) {
    if (!inhibits(cause, alert) || isUnder(cause, alert.id, open)) continue
    if (!best || isEarlier(cause, best)) best = cause
  }
  return best?.id ?? null
}

function inhibits(cause: Alert, alert: Alert): boolean {
  return (
    cause.inhibits.length > 0 &&
    cause.condition === 'active' &&
    cause.id !== alert.id &&
    cause.inhibits.includes(alert.rule) &&
    alert.devices.every((device) => cause.devices.includes(device))
  )
}

/** A cycle of causes would hide all of its members, so a cause listed under the alert itself cannot inhibit it. */
function isUnder(cause: Alert, id: string, open: ReadonlyMap<string, Alert>): boolean {
  const seen = new Set<string>()
  for (
    let next = cause.inhibitedBy;
    next !== null && !seen.has(next);
    next = open.get(next)?.inhibitedBy ?? null
  ) {
    if (next === id) return true
    seen.add(next)
  }
  return false
}

const isEarlier = (a: Alert, b: Alert): boolean =>
  a.raisedAt < b.raisedAt || (a.raisedAt === b.raisedAt && a.id < b.id)

/**
 * Brings `inhibitedBy` of every alert concerned up to date. An alert that is still active some time after its cause has
 * cleared is released; one that cleared under its cause counts as acknowledged once the cause is, because nobody would
 * look for it there.
 */
export function updateInhibition(list: WorkingList, time: ListTime): void {
  const touched = list.changed()
  if (touched.length === 0) return
  const causeChanged = touched.some((alert) => alert.inhibits.length > 0)
  for (const { id } of causeChanged ? [...list.open.values()] : touched) {
    const alert = list.open.get(id)
    if (!alert) continue
    if (alert.condition === 'active') updateInhibitionOf(list, alert, time)
    else acknowledgeWithCause(list, alert, time.now)
  }
}

/** Inhibited by an alert that is no longer active; `updateInhibitionOf` releases it after the grace period. */
export function isOrphaned(alert: Alert, open: ReadonlyMap<string, Alert>): boolean {
  return (
    alert.condition === 'active' &&
    alert.inhibitedBy !== null &&
    open.get(alert.inhibitedBy)?.condition !== 'active'
  )
}

/** Lists one active alert under its present cause, or releases it. */
export function updateInhibitionOf(list: WorkingList, alert: Alert, time: ListTime): void {
  const inhibitedBy = findInhibitor(alert, list.open)
  if (inhibitedBy === alert.inhibitedBy) return
  if (inhibitedBy === null && isInGrace(list, alert, time)) return
  list.put(changed(alert, inhibitedBy === null ? 'released' : 'inhibited', { inhibitedBy }), byRules)
}

/** A retracted cause has nothing to recover from, and a critical alert waits for nothing. */
function isInGrace(list: WorkingList, alert: Alert, { now, graceMs }: ListTime): boolean {
  if (alert.inhibitedBy === null || alert.severity === 'critical') return false
  const cause = list.find(alert.inhibitedBy)
  if (!cause || cause.retracted || cause.clearedAt === null) return false
  const age = now - cause.clearedAt
  return age < graceMs && age > -clockSlackMs
}

function acknowledgeWithCause(list: WorkingList, alert: Alert, now: number): void {
  if (alert.inhibitedBy === null || alert.attention === 'acknowledged') return
  const cause = list.find(alert.inhibitedBy)
  if (cause?.attention !== 'acknowledged') return
  const seen = changed(alert, 'acknowledged', {
    attention: 'acknowledged',
    acknowledgedAt: now,
    acknowledgedBy: cause.acknowledgedBy,
  })
  list.put(seen, { actor: cause.acknowledgedBy ?? 'rules', note: null })
}
