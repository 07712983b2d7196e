/** What one message of a device does: it is a sign of life at once, and a reading of each timeline the device has a place in. */
import type { FieldValues } from '../../model/device-type.ts'
import { type DeviceEntry, isEvaluated } from '../../model/entry.ts'
import { readReported } from '../expression/generate-code.ts'
import { scheduledAt } from './current-timers.ts'
import { schedule } from './evaluate.ts'
import { isConstantlyBehind, recordLink, usualLinkFacts } from './link-quality.ts'
import type { Member } from './member.ts'
import { readingEntry, refill } from './ring-entry.ts'
import type { Run } from './run.ts'
import { accept, applySignOfLife, evaluateInHubTime, needsEveryMessageNow, type Placing } from './timeline.ts'
import { isQuiet, trimQuiet } from './trim.ts'
import { type DeviceRecord, lateness, type RingEntry, type Timeline } from './types.ts'
import { nothing } from './view.ts'

interface Activity {
  readonly record: DeviceRecord
  readonly entry: DeviceEntry
}

/** Notes that the device was heard, then lets every place it has judge what it said. */
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
    const isNews = offline || link !== undefined
    if (isNews || hasOpenHubState(timeline)) {
      const facts = link ?? usualLinkFacts(entry)
      evaluateInHubTime(run, timeline, { ...hubEntry(index, entry, offline), link: facts }, isNews)
    }
    if (silence >= noticed && timeline.members.length > 1) rescheduleSilence(run, timeline, index)
  }
  if (offline) {
    for (const { timeline, index } of record.memberships) {
      if (timeline.members.length > 1 && timeline.instances.length > 0)
        accept(run, timeline, hubEntry(index, entry, true))
    }
    return
  }
  const timed = withCorrectedTime(record, entry)
  if (!isEvaluated(timed) || (entry.kind !== 'telemetry' && entry.kind !== 'event')) {
    for (const { timeline, index } of record.memberships)
      applySignOfLife(run, timeline, hubEntry(index, entry, false))
    return
  }
  if (timed.receivedAt - timed.ts > lateness) record.backlogAt = timed.receivedAt
  evaluateMessage(run, placed, { record, entry: timed })
}

const isNew = (reportedMeta: FieldValues, facts: FieldValues): boolean =>
  Object.entries(facts).some(([name, value]) => JSON.stringify(reportedMeta[name]) !== JSON.stringify(value))

/** After so long (hub clock, ms) a rule may have given a device up; no shipped rule calls less a silence. */
const noticed = 120_000

/** Whoever waits for the next silence of a member and had nobody left to wait for, or only others, waits for it again. */
function rescheduleSilence(run: Run, timeline: Timeline, member: number): void {
  const facts = timeline.members[member] as Member
  for (const instance of [...timeline.instances, ...timeline.hubInstances]) {
    const { condition } = instance.rule
    if (!condition.silenceLimit) continue
    if (scheduledAt(timeline, instance) > run.now + condition.silenceLimit(facts))
      schedule(run, timeline, instance)
  }
}

/** A fact of `meta` may be what a limit hangs on; rules in the hub's time ask for none. */
function rescheduleAll(run: Run, timeline: Timeline): void {
  timeline.nextDue = Number.NaN
  for (const instance of timeline.instances) schedule(run, timeline, instance)
}

/** As it is to be judged: a clock that is days behind for good tells nothing of when it was. */
function withCorrectedTime(record: DeviceRecord, entry: DeviceEntry): DeviceEntry {
  if (entry.quality !== 'late' || !isConstantlyBehind(record, entry)) return entry
  return { ...entry, ts: entry.receivedAt, quality: 'live' }
}

/** Some rule in the hub's time has an open episode here, which hearing may end. */
function hasOpenHubState({ hubInstances, cells }: Timeline): boolean {
  for (const { rule, cell } of hubInstances) if (needsEveryMessageNow(rule, cells[cell])) return true
  return false
}

function evaluateMessage(run: Run, placed: Record<Placing, number>, { record, entry }: Activity): void {
  const isEvent = entry.kind === 'event'
  // By itself a device goes on in its own time; beside others what it says would be old each time.
  const beside = isConstantlyBehind(record, entry) ? entry.receivedAt : entry.ts
  let isOwn = isEvent
  for (const { timeline, index, layout } of record.memberships) {
    if (timeline.instances.length === 0) continue
    // All timelines of a device have the same layout.
    if (!isOwn) record.reported = readReported(layout, entry.values, record.reported)
    isOwn = true
    const reported = isEvent ? nothing : record.reported
    const { message, recycled } = run
    message.channel = entry.kind
    message.member = index
    message.ts = timeline.members.length > 1 ? beside : entry.ts
    message.receivedAt = entry.receivedAt
    message.reported = reported
    message.event = isEvent ? String(entry.values.type ?? '') : ''
    message.messageSeq = entry.messageSeq
    run.recycled = null
    placed[accept(run, timeline, recycled ? refill(recycled, message) : readingEntry(message))] += 1
  }
}

/** A message as the hub's own clock sees it. */
function hubEntry(member: number, { kind, receivedAt }: DeviceEntry, offline: boolean): RingEntry {
  const received = { channel: kind, member, ts: receivedAt, receivedAt, reported: nothing }
  const message = readingEntry({ ...received, event: '', messageSeq: undefined })
  return offline ? { ...message, kind: 'offline' } : message
}
