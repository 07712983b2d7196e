/** Converts transitions to findings. */
import type { Finding } from '../../../model/finding.ts'
import type { CompiledRule } from '../../compile/compiled-rule.ts'
import type { OrphanedEpisode, RuleInstance, Timeline, Transition } from '../types.ts'
import { changedText, removedText } from './texts.ts'

export interface FindingContext {
  readonly rule: CompiledRule
  readonly timeline: Timeline
  readonly seq: number
  readonly index: number
}

export function toFinding(transition: Transition, { rule, timeline, seq, index }: FindingContext): Finding {
  const { episode, change, at, ended, reason, evidence, device, lateBy } = transition
  const named = timeline.members.find(({ record }) => record.device.id === device) ?? timeline.members[0]
  const group = rule.of === 'device' ? undefined : groupOf(rule, timeline)
  return {
    episode: episode.id,
    change,
    rule: rule.id,
    ref: rule.ref,
    kind: rule.kind,
    severity: episode.severity,
    title: rule.title,
    reason,
    site: named?.record.device.site ?? '',
    device,
    ...group,
    ...(rule.inhibits.length > 0 && { inhibits: rule.inhibits }),
    ...(rule.sameCase !== undefined && { sameCase: rule.sameCase }),
    ...(rule.completes && { completes: rule.completes }),
    at,
    startedAt: episode.startedAt,
    raisedAt: episode.raisedAt,
    ended,
    ...(lateBy !== undefined && { lateBy }),
    evidence,
    seq,
    index,
  }
}

/** The end of an episode whose device or rule is gone; only what people already know of it remains. */
export function orphanFinding(
  { episode, rule: id, device, at, changed }: OrphanedEpisode,
  { rule, site, seq, index }: { rule: CompiledRule | undefined; site: string; seq: number; index: number },
): Finding {
  return {
    episode: episode.id,
    change: 'ended',
    rule: id,
    ref: rule?.ref ?? '',
    kind: rule?.kind ?? 'device',
    severity: episode.severity,
    title: rule?.title ?? removedText,
    reason: changed ? changedText : removedText,
    site,
    device,
    at: Math.max(at, episode.raisedAt),
    startedAt: episode.startedAt,
    raisedAt: episode.raisedAt,
    ended: true,
    evidence: {},
    seq,
    index,
  }
}

/** All members, not only those affected so far: the next failure in the same circuit has the same cause. */
function groupOf(rule: CompiledRule, { id, members, instances, hubInstances }: Timeline) {
  const own = (instance: RuleInstance): boolean => instance.rule.id === rule.id
  const concerns = (instances.find(own) ?? hubInstances.find(own))?.concerns
  const devices = members.filter((_, member) => concerns?.[member]).map(({ record }) => record.device.id)
  return { subject: id, devices }
}
