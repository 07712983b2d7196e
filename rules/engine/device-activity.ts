/** What one message of a device does: it is a sign of life at once, and a reading of each timeline the device has a place in. */
import type { FieldValues } from '../../model/device-type.ts'
import { type DeviceEntry, isEvaluated } from '../../model/entry.ts'
import { readReported } from '../expression/generate-code.ts'
import { scheduledAt } from './current-timers.ts'
import { schedule } from './evaluate.ts'
import { isSteadilyBehind, noteLine, usualFacts } from './link-quality.ts'
import type { Member } from './member.ts'
import { readingEntry, refill } from './ring-entry.ts'
import type { Run } from './run.ts'
import { accept, awaitsHearing, hear, noteLife, type Placing } from './timeline.ts'
import { isQuiet, trimQuiet } from './trim.ts'
import { type DeviceRecord, lateness, type RingEntry, type Timeline } from './types.ts'
import { nothing } from './view.ts'

interface Heard {
  readonly record: DeviceRecord
  readonly entry: DeviceEntry
}

/** Notes that the device was heard, then lets every place it has judge what it said. */
export function hearDevice(run: Run, placed: Record<Placing, number>, { record, entry }: Heard): void {
  const offline = entry.kind === 'status' && entry.values.state === 'offline'
  const silence = offline ? 0 : entry.receivedAt - (record.lastSeenAt ?? Number.NEGATIVE_INFINITY)
  if (isQuiet(run, record.lastSeenAt)) for (const { timeline } of record.places) trimQuiet(run, timeline)
  if (!offline) record.lastSeenAt = entry.receivedAt
  record.dirty = true
  if (entry.kind === 'meta' && isNew(record.told, entry.values)) {
    record.told = { ...record.told, ...entry.values }
    record.meta = { ...record.told, ...record.device.meta }
    run.retold = true
    for (const { timeline } of record.places) lookAgain(run, timeline)
  }
  const line = offline ? undefined : noteLine(record, entry)
  for (const { timeline, index } of record.places) {
    const isNews = offline || line !== undefined
    if (isNews || isWaiting(timeline)) {
      const facts = line ?? usualFacts(entry)
      hear(run, timeline, { ...hubEntry(index, entry, offline), line: facts }, isNews)
    }
    if (silence >= noticed && timeline.members.length > 1) awaitAnew(run, timeline, index)
  }
  if (offline) {
    for (const { timeline, index } of record.places) {
      if (timeline.members.length > 1 && timeline.instances.length > 0)
        accept(run, timeline, hubEntry(index, entry, true))
    }
    return
  }
  const timed = inTime(record, entry)
  if (!isEvaluated(timed) || (entry.kind !== 'telemetry' && entry.kind !== 'event')) {
    for (const { timeline, index } of record.places) noteLife(run, timeline, hubEntry(index, entry, false))
    return
  }
  if (timed.receivedAt - timed.ts > lateness) record.backlogAt = timed.receivedAt
  judgeEntry(run, placed, { record, entry: timed })
}

const isNew = (told: FieldValues, facts: FieldValues): boolean =>
  Object.entries(facts).some(([name, value]) => JSON.stringify(told[name]) !== JSON.stringify(value))

/** After so long (hub clock, ms) a rule may have given a device up; no shipped rule calls less a silence. */
const noticed = 120_000

/** Whoever waits for the next silence of a member and had nobody left to wait for, or only others, waits for it again. */
function awaitAnew(run: Run, timeline: Timeline, member: number): void {
  const facts = timeline.members[member] as Member
  for (const instance of [...timeline.instances, ...timeline.hubInstances]) {
    const { condition } = instance.rule
    if (!condition.silenceLimit) continue
    if (scheduledAt(timeline, instance) > run.now + condition.silenceLimit(facts))
      schedule(run, timeline, instance)
  }
}

/** A fact of `meta` may be what a limit hangs on; rules in the hub's time ask for none. */
function lookAgain(run: Run, timeline: Timeline): void {
  timeline.nextDue = Number.NaN
  for (const instance of timeline.instances) schedule(run, timeline, instance)
}

/** As it is to be judged: a clock that is days behind for good tells nothing of when it was. */
function inTime(record: DeviceRecord, entry: DeviceEntry): DeviceEntry {
  if (entry.quality !== 'late' || !isSteadilyBehind(record, entry)) return entry
  return { ...entry, ts: entry.receivedAt, quality: 'live' }
}

/** Some rule in the hub's time has an open episode here, which hearing may end. */
function isWaiting({ hubInstances, cells }: Timeline): boolean {
  for (const { rule, cell } of hubInstances) if (awaitsHearing(rule, cells[cell])) return true
  return false
}

function judgeEntry(run: Run, placed: Record<Placing, number>, { record, entry }: Heard): void {
  const isEvent = entry.kind === 'event'
  // By itself a device goes on in its own time; beside others what it says would be old each time.
  const beside = isSteadilyBehind(record, entry) ? entry.receivedAt : entry.ts
  let isOwn = isEvent
  for (const { timeline, index, layout } of record.places) {
    if (timeline.instances.length === 0) continue
    // All timelines of a device have the same layout.
    if (!isOwn) record.own = readReported(layout, entry.values, record.own)
    isOwn = true
    const own = isEvent ? nothing : record.own
    const { message, spare } = run
    message.channel = entry.kind
    message.member = index
    message.ts = timeline.members.length > 1 ? beside : entry.ts
    message.receivedAt = entry.receivedAt
    message.own = own
    message.event = isEvent ? String(entry.values.type ?? '') : ''
    message.messageSeq = entry.messageSeq
    run.spare = null
    placed[accept(run, timeline, spare ? refill(spare, message) : readingEntry(message))] += 1
  }
}

/** A message as the hub's own clock sees it. */
function hubEntry(member: number, { kind, receivedAt }: DeviceEntry, offline: boolean): RingEntry {
  const heard = { channel: kind, member, ts: receivedAt, receivedAt, own: nothing }
  const message = readingEntry({ ...heard, event: '', messageSeq: undefined })
  return offline ? { ...message, kind: 'offline' } : message
}
