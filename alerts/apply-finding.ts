/** A finding becomes an alert or changes one: pure, one episode one alert (promise 2). */
import type { Alert } from '../model/alert.ts'
import type { Finding, FindingChange } from '../model/finding.ts'
import { severityRank } from '../model/severity.ts'
import type { Text } from '../model/text.ts'
import { backAgain, type Changed, changed, over, unseen } from './step.ts'

/** What the directory knows of the finding's device; used when an alert is raised. */
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

/** Why a finding changed nothing; the word is also the metric's label. */
export type IgnoredFinding = 'repeated' | 'unknown-episode'

export type FindingOutcome = Changed | { readonly kind: 'ignored'; readonly reason: IgnoredFinding }

const ignored = (reason: IgnoredFinding): FindingOutcome => ({ kind: 'ignored', reason })

/**
 * Decides what one finding does to the alert of its episode. The same finding again changes nothing. A finding that
 * says the condition holds raises the alert even when `began` was lost; one that says it is over cannot.
 */
export function applyFinding(
  current: Alert | undefined,
  finding: Finding,
  context: FindingContext,
): FindingOutcome {
  if (current) return changes[finding.change](current, finding) ?? ignored('repeated')
  if (finding.change === 'began' || holds(finding)) return raise(finding, context)
  return ignored('unknown-episode')
}

const holds = (finding: Finding): boolean => finding.change !== 'retracted' && !finding.ended

/** An episode found late and over already is raised all the same: cleared, but to be seen. */
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

type Apply = (alert: Alert, finding: Finding) => Changed | undefined

const changes: Readonly<Record<FindingChange, Apply>> = {
  began,
  severity: changeSeverity,
  ended: correct,
  corrected: correct,
  retracted: retract,
}

/**
 * Under its own id an episode begins again when it was retracted, or when it ended in the very instant in which it began
 * (a connection that is lost twice while the hub's clock stands); everything else is the same message twice.
 */
function began(alert: Alert, finding: Finding): Changed | undefined {
  const again = alert.retracted || (alert.clearedAt !== null && alert.clearedAt <= finding.raisedAt)
  if (!again || finding.ended) return undefined
  return changed(alert, 'reopened', { ...backAgain(alert), ...told(finding), raisedAt: finding.raisedAt })
}

/**
 * Worse than before asks for attention again, also when it was acknowledged, put aside or cleared by a person
 * (peers.md P9: a new occurrence must not be swallowed by the old alarm). Better than before only says so.
 */
function changeSeverity(alert: Alert, finding: Finding): Changed | undefined {
  if (alert.severity === finding.severity) return undefined
  const worse = severityRank(finding.severity) < severityRank(alert.severity)
  const patch: Partial<Alert> = { ...told(finding), severity: finding.severity }
  if (!worse) return changed(alert, 'severity-lowered', patch)
  if (finding.ended) return changed(alert, 'severity-raised', patch)
  if (alert.condition === 'cleared') return changed(alert, 'reopened', { ...backAgain(alert), ...patch })
  return changed(alert, 'severity-raised', {
    ...unseen,
    ...patch,
    shelvedUntil: null,
    shelvedReason: null,
    inhibitedBy: finding.severity === 'critical' ? null : alert.inhibitedBy,
  })
}

/** The finding's times are the right ones: over, moved, or not over after all. */
function correct(alert: Alert, finding: Finding): Changed | undefined {
  const clearedAt = finding.ended ? finding.at : null
  const raisedAt = finding.raisedAt
  if (clearedAt === null) {
    if (alert.condition === 'cleared')
      return changed(alert, 'reopened', { ...backAgain(alert), ...told(finding), raisedAt })
    return alert.raisedAt === raisedAt ? undefined : changed(alert, 'corrected', { raisedAt })
  }
  if (alert.condition === 'active') return changed(alert, 'cleared', { ...over(clearedAt), raisedAt })
  if (alert.raisedAt === raisedAt && alert.clearedAt === clearedAt) return undefined
  return changed(alert, 'corrected', { raisedAt, clearedAt })
}

/** It never was: said openly with the reason, and left for a person to see (promise 2). */
function retract(alert: Alert, finding: Finding): Changed | undefined {
  if (alert.retracted) return undefined
  return changed(alert, 'retracted', { ...over(finding.at), retracted: true, reason: finding.reason })
}

const told = (finding: Finding): Partial<Alert> => ({
  title: finding.title,
  reason: finding.reason,
  evidence: finding.evidence,
})
