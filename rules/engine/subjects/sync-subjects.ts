/** Synchronises devices and timelines with the directory. */
import { schedule } from '../evaluate/evaluate.ts'
import type { Run } from '../run.ts'
import type { Timeline } from '../types.ts'
import { carryOver, endRemoved, groupOfKey, isGroupKey } from './carry-over.ts'
import { deviceKey, restoreRecord, syncRecords, withReportedMeta } from './device-records.ts'
import { buildTimeline, type Plan, planTimelines } from './registry.ts'
import { createSignatures } from './signature.ts'
import type { SubjectTable } from './subject-table.ts'

/** In small steps. `rows`: rows of a snapshot that is being restored. */
export function* syncSubjects(table: SubjectTable, rows?: ReadonlyMap<string, string>): Generator<void> {
  const { rules, directory, run, records, timelines } = table
  const devices = directory.devices()
  table.devices = devices
  run.metaChanged = false
  syncRecords(table, devices)
  if (rows) {
    for (const record of records.values()) {
      restoreRecord(record, rows.get(deviceKey(record.device.id)))
      yield
    }
  }
  const plans = planTimelines(rules, directory, withReportedMeta(table, devices))
  yield
  const former = [...timelines.values()]
  const formerByGroup = Map.groupBy(
    former.filter(({ key }) => isGroupKey(key)),
    ({ key }) => groupOfKey(key),
  )
  removeOthers(table, plans)
  const signatureOf = createSignatures()
  for (const plan of plans) {
    placeTimeline(table, { plan, signature: signatureOf(plan) }, formerByGroup)
    yield
  }
  endRemoved(run, former, timelines)
}

/** Removes timelines that are not planned any more. */
function removeOthers({ timelines, removedKeys }: SubjectTable, plans: readonly Plan[]): void {
  const keys = new Set(plans.map(({ key }) => key))
  for (const key of timelines.keys()) {
    if (keys.has(key)) continue
    timelines.delete(key)
    removedKeys.add(key)
  }
}

/** Keeps a timeline with the same signature, otherwise builds it and carries state over. */
function placeTimeline(
  table: SubjectTable,
  { plan, signature }: { readonly plan: Plan; readonly signature: string },
  formerByGroup: ReadonlyMap<string, readonly Timeline[]>,
): void {
  const { run, timelines, removedKeys, context } = table
  const former = timelines.get(plan.key)
  if (former?.signature === signature) {
    addMemberships(former)
    return
  }
  const timeline = buildTimeline(plan, signature, context)
  carryOver(timeline, formerByGroup.get(groupOfKey(plan.key)) ?? (former ? [former] : []))
  beginWatching(run, timeline)
  addMemberships(timeline)
  timelines.set(plan.key, timeline)
  removedKeys.delete(plan.key)
  run.markDirty(timeline)
  scheduleAll(run, timeline)
}

/** Schedules the next timer of every rule. */
export function scheduleAll(run: Run, timeline: Timeline): void {
  for (const instance of [...timeline.instances, ...timeline.hubInstances]) schedule(run, timeline, instance)
}

/**
 * Each device knows its timelines. `concat` leaves no spare capacity, unlike `push`: there are thousands of these
 * arrays.
 */
function addMemberships({ members }: Timeline): void {
  for (const member of members) member.record.memberships = member.record.memberships.concat(member)
}

/** New rules begin now: they know nothing of the time before. */
function beginWatching(run: Run, timeline: Timeline): void {
  const { cells, instances, hubInstances } = timeline
  for (const { rule, cell } of [...instances, ...hubInstances])
    cells[cell] ??= rule.condition.begin?.(run.now, timeline)
}
