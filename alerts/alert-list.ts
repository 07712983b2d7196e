/**
 * The alert list as pure functions: known alerts and what happens to them in, changes out. The live hub stores the
 * changes, the scorecard counts them; both get the same list.
 */
import type { Alert } from '../model/alert.ts'
import { type Finding, isAboutAlert } from '../model/finding.ts'
import { findingPlace } from '../model/finding-place.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { Text } from '../model/text.ts'
import { applyFinding, type IgnoredFinding, type PlaceFacts } from './apply-finding.ts'
import { expire } from './expire.ts'
import { findInhibitor, isOrphaned, updateInhibition, updateInhibitionOf } from './inhibition.ts'
import type { AlertOptions } from './options.ts'
import { type Changed, changed } from './step.ts'
import {
  type AlertChange,
  type Author,
  byRules,
  createWorkingList,
  type KnownAlerts,
  type ListTime,
  type WorkingList,
} from './working-list.ts'

export interface FindingsResult {
  readonly changes: readonly AlertChange[]
  /** Findings that changed nothing, each with the reason. */
  readonly ignored: readonly { readonly finding: Finding; readonly reason: IgnoredFinding }[]
}

/**
 * Applies findings in order, then inhibition. One episode is one alert; a new alert is listed under its cause at once.
 * `known.find` must know the alerts of the findings' episodes and the causes of all of them.
 */
export function applyFindings(
  known: KnownAlerts,
  findings: readonly Finding[],
  { directory, ...time }: ListTime & { readonly directory: Pick<Directory, 'device'> },
): FindingsResult {
  const list = createWorkingList(known)
  const ignored: { finding: Finding; reason: IgnoredFinding }[] = []
  for (const finding of findings) {
    if (!isAboutAlert(finding)) continue
    const reason = applyOne(list, finding, { directory, now: time.now })
    if (reason) ignored.push({ finding, reason })
  }
  updateInhibition(list, time)
  return { changes: list.changes, ignored }
}

/** One change that a person decided, and what it does to the alerts it inhibits. */
export function applyCommand(
  known: KnownAlerts,
  { step, by }: { readonly step: Changed; readonly by: Author },
  time: ListTime,
): readonly AlertChange[] {
  const list = createWorkingList(known)
  list.put(step, by)
  updateInhibition(list, time)
  return list.changes
}

/** What is due by time alone: shelves end, acknowledgements lapse, alerts are released that have outlived their cause. */
export function applyTime(
  known: KnownAlerts,
  { minutes, ...time }: ListTime & { readonly minutes: AlertOptions['acknowledgementMinutes'] },
): readonly AlertChange[] {
  const list = createWorkingList(known)
  for (const alert of known.open.values()) {
    if (isOrphaned(alert, list.open)) updateInhibitionOf(list, alert, time)
    const step = expire(list.find(alert.id) ?? alert, time.now, minutes)
    if (step) list.put(step, byRules)
  }
  return list.changes
}

/** A rule that people changed. */
export interface RuleChange {
  readonly rule: string
  /** Login of the person. */
  readonly actor: string
  /** Which version, and why. */
  readonly note: string
  /** The rule's new title; undefined when the rule is switched off. */
  readonly title: Text | undefined
}

/** Notes the change at every active alert of the rule, with the new title; its reason stays what was observed then. */
export function applyRuleChange(
  known: KnownAlerts,
  { rule, actor, note, title }: RuleChange,
): readonly AlertChange[] {
  const list = createWorkingList(known)
  for (const alert of known.open.values()) {
    if (alert.rule === rule && alert.condition === 'active')
      list.put(changed(alert, 'rule-changed', title ? { title } : {}), { actor, note })
  }
  return list.changes
}

function applyOne(
  list: WorkingList,
  finding: Finding,
  { directory, now }: { readonly directory: Pick<Directory, 'device'>; readonly now: number },
): IgnoredFinding | undefined {
  const current = list.find(finding.episode)
  const facts = placeFacts(finding, directory)
  const outcome = applyFinding(current, finding, { facts, now })
  if (outcome.kind === 'ignored') return outcome.reason
  const { alert } = outcome
  const inhibitedBy = current ? alert.inhibitedBy : findInhibitor(alert, list.open)
  list.put({ ...outcome, alert: { ...alert, inhibitedBy } }, byRules)
  if (!current) supersede(list, alert, now)
  return undefined
}

function placeFacts(finding: Finding, directory: Pick<Directory, 'device'>): PlaceFacts {
  const device = directory.device(finding.device)
  return {
    grid: device?.grid ?? null,
    deviceType: device?.type ?? 'unknown',
    place: findingPlace(finding, directory),
  }
}

/**
 * Keeps the list bounded: when a routine condition is raised again at the same device, the cleared alert that nobody has
 * acknowledged gives way to the new one. Never where people may be in danger: those alerts wait for a person.
 */
function supersede(list: WorkingList, raised: Alert, now: number): void {
  if (!isRoutine(raised)) return
  for (const former of [...list.open.values()]) {
    if (former.rule !== raised.rule || former.device !== raised.device || former.id === raised.id) continue
    if (former.condition === 'active' || former.retracted || !isRoutine(former)) continue
    const seen = { attention: 'acknowledged', acknowledgedAt: now, acknowledgedBy: byRules.actor } as const
    list.put(changed(former, 'superseded', seen), byRules)
  }
}

const isRoutine = ({ kind, severity }: Alert): boolean =>
  severity !== 'critical' && kind !== 'safety' && kind !== 'welfare'
