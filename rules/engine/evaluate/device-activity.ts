/** Applies one message of a device: updates its liveness and link, then passes it to every timeline it belongs to. */
import type { FieldValues } from '../../../model/device-type.ts'
import { type DeviceEntry, isEvaluated } from '../../../model/entry.ts'
import { readReported } from '../../expression/generate-code.ts'
import {
  accept,
  applySignOfLife,
  evaluateInHubTime,
  needsEveryMessageNow,
  type Placing,
} from '../reorder/accept-entry.ts'
import { readingEntry, refill } from '../reorder/ring-entry.ts'
import { isQuiet, trimQuiet } from '../reorder/trim.ts'
import type { Run } from '../run.ts'
import { scheduledAt } from '../timers/scheduled-timers.ts'
import { type DeviceRecord, lateness, type Member, type RingEntry, type Timeline } from '../types.ts'
import { schedule } from './evaluate.ts'
import { isConstantlyBehind, recordLink, usualLinkFacts } from './link-quality.ts'
import { nothing } from './view.ts'

interface Activity {
  readonly record: DeviceRecord
  readonly entry: DeviceEntry
}

/** Records the activity of the device, then evaluates the message on each of its timelines. */
export function recordActivity(run: Run, placed: Record<Placing, number>, { record, entry }: Activity): void {
  const offline = entry.kind === 'status' && entry.values.state === 'offline'
  const silence = offline ? 0 : entry.receivedAt - (record.lastSeenAt ?? Number.NEGATIVE_INFINITY)
  if (isQuiet(run, record.lastSeenAt)) for (const { timeline } of record.memberships) trimQuiet(run, timeline)
  if (!offline) record.lastSeenAt = entry.receivedAt
  record.dirty = true
  if (entry.kind === 'meta' && isNew(record.reportedMeta, entry.values)) {
    record.reportedMeta = { ...record.reportedMeta, ...entry.values }
    record.meta = { ...record.reportedMeta, ...record.device.meta }
    run.metaChanged = true
    for (const { timeline } of record.memberships) rescheduleAll(run, timeline)
  }
  const link = offline ? undefined : recordLink(record, entry)
  for (const { timeline, index } of record.memberships) {
    const isUnusual = offline || link !== undefined
    if (isUnusual || hasOpenHubState(timeline)) {
      const facts = link ?? usualLinkFacts(entry)
      evaluateInHubTime(run, timeline, { ...hubEntry(index, entry, offline), link: facts }, isUnusual)
    }
    if (silence >= minNoticedSilence && timeline.members.length > 1) rescheduleSilence(run, timeline, index)
  }
  if (offline) {
    for (const { timeline, index } of record.memberships) {
      if (timeline.members.length > 1 && timeline.instances.length > 0)
        accept(run, timeline, hubEntry(index, entry, true))
    }
    return
  }
  const corrected = withCorrectedTime(record, entry)
  if (!isEvaluated(corrected) || (entry.kind !== 'telemetry' && entry.kind !== 'event')) {
    for (const { timeline, index } of record.memberships)
      applySignOfLife(run, timeline, hubEntry(index, entry, false))
    return
  }
  if (corrected.receivedAt - corrected.ts > lateness) record.backlogAt = corrected.receivedAt
  evaluateMessage(run, placed, { record, entry: corrected })
}

const isNew = (reportedMeta: FieldValues, facts: FieldValues): boolean =>
  Object.entries(facts).some(([name, value]) => JSON.stringify(reportedMeta[name]) !== JSON.stringify(value))

/**
 * After a silence of this length (hub clock, ms) a rule may have treated the device as silent; no shipped rule has a
 * shorter limit.
 */
const minNoticedSilence = 120_000

/** Reschedules silence timers when a silent member reports again. */
function rescheduleSilence(run: Run, timeline: Timeline, member: number): void {
  const facts = timeline.members[member] as Member
  for (const instance of [...timeline.instances, ...timeline.hubInstances]) {
    const { condition } = instance.rule
    if (!condition.silenceLimit) continue
    if (scheduledAt(timeline, instance) > run.now + condition.silenceLimit(facts))
      schedule(run, timeline, instance)
  }
}

/** Limits may depend on facts of `meta`; rules in hub time do not use them. */
function rescheduleAll(run: Run, timeline: Timeline): void {
  timeline.nextDue = Number.NaN
  for (const instance of timeline.instances) schedule(run, timeline, instance)
}

/** A clock that is constantly days behind does not show when the reading was made: it counts as now. */
function withCorrectedTime(record: DeviceRecord, entry: DeviceEntry): DeviceEntry {
  if (entry.quality !== 'late' || !isConstantlyBehind(record, entry)) return entry
  return { ...entry, ts: entry.receivedAt, quality: 'live' }
}

/** A rule in hub time has state on this timeline that any message may change. */
function hasOpenHubState({ hubInstances, cells }: Timeline): boolean {
  for (const { rule, cell } of hubInstances) if (needsEveryMessageNow(rule, cells[cell])) return true
  return false
}

function evaluateMessage(run: Run, placed: Record<Placing, number>, { record, entry }: Activity): void {
  const isEvent = entry.kind === 'event'
  // Alone, a device continues in its own time; in a group its readings would always be late.
  const groupTs = isConstantlyBehind(record, entry) ? entry.receivedAt : entry.ts
  let isRead = isEvent
  for (const { timeline, index, layout } of record.memberships) {
    if (timeline.instances.length === 0) continue
    // All timelines of a device share one layout.
    if (!isRead) record.reported = readReported(layout, entry.values, record.reported)
    isRead = true
    const reported = isEvent ? nothing : record.reported
    const { message, recycled } = run
    message.channel = entry.kind
    message.member = index
    message.ts = timeline.members.length > 1 ? groupTs : entry.ts
    message.receivedAt = entry.receivedAt
    message.reported = reported
    message.event = isEvent ? String(entry.values.type ?? '') : ''
    message.messageSeq = entry.messageSeq
    run.recycled = null
    placed[accept(run, timeline, recycled ? refill(recycled, message) : readingEntry(message))] += 1
  }
}

/** The message with the hub's time instead of the device's. */
function hubEntry(member: number, { kind, receivedAt }: DeviceEntry, offline: boolean): RingEntry {
  const received = { channel: kind, member, ts: receivedAt, receivedAt, reported: nothing }
  const message = readingEntry({ ...received, event: '', messageSeq: undefined })
  return offline ? { ...message, kind: 'offline' } : message
}
