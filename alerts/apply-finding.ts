/** One finding becomes an alert or changes one. Pure; one episode is one alert (promise 2). */
import type { Alert } from '../model/alert.ts'
import type { Finding, FindingChange } from '../model/finding.ts'
import { severityRank } from '../model/severity.ts'
import type { Text } from '../model/text.ts'
import { type Changed, changed, cleared, reactivated, unseen } from './step.ts'

/** Facts of the finding's device from the directory, copied into the alert when it is raised. */
export interface PlaceFacts {
  readonly grid: string | null
  readonly deviceType: string
  readonly place: Text
}

export interface FindingContext {
  readonly facts: PlaceFacts
  /** Hub clock, ms. */
  readonly now: number
}

/** Why a finding changed nothing; also the metric's label. */
export type IgnoredFinding = 'repeated' | 'unknown-episode'

export type FindingOutcome = Changed | { readonly kind: 'ignored'; readonly reason: IgnoredFinding }

const ignored = (reason: IgnoredFinding): FindingOutcome => ({ kind: 'ignored', reason })

/**
 * Applies one finding to the alert of its episode. A repeated finding changes nothing. A finding of an active condition
 * raises the alert even when `began` was lost; a finding of a cleared one does not.
 */
export function applyFinding(
  current: Alert | undefined,
  finding: Finding,
  context: FindingContext,
): FindingOutcome {
  if (current) return changes[finding.change](current, finding) ?? ignored('repeated')
  if (finding.change === 'began' || isActive(finding)) return raise(finding, context)
  return ignored('unknown-episode')
}

const isActive = (finding: Finding): boolean => finding.change !== 'retracted' && !finding.ended

/** An episode that was found late and has ended is raised all the same: cleared, but unacknowledged. */
function raise(finding: Finding, { facts, now }: FindingContext): Changed {
  const alert: Alert = {
    id: finding.episode,
    rule: finding.rule,
    ref: finding.ref,
    kind: finding.kind,
    severity: finding.severity,
    title: finding.title,
    reason: finding.reason,
    site: finding.site,
    grid: facts.grid,
    device: finding.device,
    deviceType: facts.deviceType,
    devices: finding.devices ?? [finding.device],
    place: facts.place,
    condition: finding.ended ? 'cleared' : 'active',
    attention: 'unacknowledged',
    raisedAt: finding.raisedAt,
    clearedAt: finding.ended ? finding.at : null,
    firstSeenAt: now,
    retracted: false,
    lateBy: finding.lateBy ?? 0,
    acknowledgedAt: null,
    acknowledgedBy: null,
    shelvedUntil: null,
    shelvedReason: null,
    reopenedCount: 0,
    inhibitedBy: null,
    inhibits: finding.inhibits ?? [],
    caseId: null,
    evidence: finding.evidence,
    version: 1,
  }
  return { kind: 'changed', alert, action: 'raised' }
}

type ApplyChange = (alert: Alert, finding: Finding) => Changed | undefined

const changes: Readonly<Record<FindingChange, ApplyChange>> = {
  began,
  severity: changeSeverity,
  ended: correct,
  corrected: correct,
  retracted: retract,
}

/**
 * An episode begins again under its own id when it was retracted, or when it ended at the instant it began (a connection
 * lost twice while the hub's clock does not move). Any other repeated `began` is the same message twice.
 */
function began(alert: Alert, finding: Finding): Changed | undefined {
  const again = alert.retracted || (alert.clearedAt !== null && alert.clearedAt <= finding.raisedAt)
  if (!again || finding.ended) return undefined
  return changed(alert, 'reopened', {
    ...reactivated(alert),
    ...descriptionOf(finding),
    raisedAt: finding.raisedAt,
  })
}

/**
 * A higher severity asks for attention again, also when the alert was acknowledged, shelved or cleared by a person
 * (peers.md P9: a new occurrence must not be swallowed by the old alarm). A lower severity is only noted.
 */
function changeSeverity(alert: Alert, finding: Finding): Changed | undefined {
  if (alert.severity === finding.severity) return undefined
  const worse = severityRank(finding.severity) < severityRank(alert.severity)
  const patch: Partial<Alert> = { ...descriptionOf(finding), severity: finding.severity }
  if (!worse) return changed(alert, 'severity-lowered', patch)
  if (finding.ended) return changed(alert, 'severity-raised', patch)
  if (alert.condition === 'cleared') return changed(alert, 'reopened', { ...reactivated(alert), ...patch })
  return changed(alert, 'severity-raised', {
    ...unseen,
    ...patch,
    shelvedUntil: null,
    shelvedReason: null,
    inhibitedBy: finding.severity === 'critical' ? null : alert.inhibitedBy,
  })
}

/** Takes over the finding's times: the episode has ended, was moved, or is active after all. */
function correct(alert: Alert, finding: Finding): Changed | undefined {
  const clearedAt = finding.ended ? finding.at : null
  const raisedAt = finding.raisedAt
  if (clearedAt === null) {
    if (alert.condition === 'cleared')
      return changed(alert, 'reopened', { ...reactivated(alert), ...descriptionOf(finding), raisedAt })
    return alert.raisedAt === raisedAt ? undefined : changed(alert, 'corrected', { raisedAt })
  }
  if (alert.condition === 'active') return changed(alert, 'cleared', { ...cleared(clearedAt), raisedAt })
  if (alert.raisedAt === raisedAt && alert.clearedAt === clearedAt) return undefined
  return changed(alert, 'corrected', { raisedAt, clearedAt })
}

/** The episode never happened: cleared with the reason, and left for a person to see (promise 2). */
function retract(alert: Alert, finding: Finding): Changed | undefined {
  if (alert.retracted) return undefined
  return changed(alert, 'retracted', { ...cleared(finding.at), retracted: true, reason: finding.reason })
}

const descriptionOf = (finding: Finding): Partial<Alert> => ({
  title: finding.title,
  reason: finding.reason,
  evidence: finding.evidence,
})
