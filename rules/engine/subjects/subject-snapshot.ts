/** Snapshots of all devices and timelines of one engine. */
import type { CompiledRules } from '../../compile/compiled-rule.ts'
import { type FrozenDevice, type FrozenTimeline, freezeDevice, freezeTimeline } from '../snapshot/frozen.ts'
import { orphansOf, type Restoring, restoreTimeline } from '../snapshot/restore.ts'
import type { SavedLayouts, SnapshotRow } from '../snapshot/rows.ts'
import { rowsOf } from '../snapshot/save.ts'
import type { OrphanedEpisode } from '../types.ts'
import { regroup } from './carry-over.ts'
import { deviceKey } from './device-records.ts'
import type { SubjectTable } from './subject-table.ts'
import { scheduleAll, syncSubjects } from './sync-subjects.ts'

type Rows = ReadonlyMap<string, string>

/** Rows changed since the last call, as of this instant; entries may be applied while they are read. */
export function changedRows({ run, records, timelines, removedKeys }: SubjectTable): Iterable<SnapshotRow> {
  const left = [...removedKeys]
  removedKeys.clear()
  const devices: [string, FrozenDevice][] = []
  for (const record of records.values()) {
    if (!record.dirty) continue
    record.dirty = false
    devices.push([deviceKey(record.device.id), freezeDevice(record)])
  }
  const frozen: FrozenTimeline[] = []
  for (const timeline of run.dirtyTimelines.splice(0)) {
    timeline.dirty = false
    if (timelines.get(timeline.key) === timeline) frozen.push(freezeTimeline(timeline))
  }
  return rowsOf({ left, devices, timelines: frozen })
}

/** Restores rows step by step; returns open episodes without a timeline. */
export function* restoreSubjects(
  table: SubjectTable,
  rows: Rows,
  saved: Restoring,
): Generator<void, OrphanedEpisode[]> {
  const { run, rules, records, timelines, removedKeys } = table
  yield* syncSubjects(table, rows)
  const orphans: OrphanedEpisode[] = []
  const isRewritten =
    saved.isMigrated || JSON.stringify(saved.saved) !== JSON.stringify(currentLayouts(rules))
  if (saved.isMigrated) for (const record of records.values()) record.dirty = true
  run.timers.clear()
  run.dirtyTimelines.length = 0
  const moved = regroup(rows, timelines)
  yield
  for (const timeline of timelines.values()) {
    const row = moved.get(timeline.key)
    const restored = row === undefined ? undefined : restoreTimeline(timeline, row, saved)
    orphans.push(...(restored?.orphans ?? []))
    timeline.dirty = false
    if (!restored?.isAsSaved || isRewritten) run.markDirty(timeline)
    timeline.timers = null
    scheduleAll(run, timeline)
    yield
  }
  markRemoved(table, rows)
  for (const key of removedKeys) {
    const row = isTimeline(key) ? moved.get(key) : undefined
    if (row !== undefined) orphans.push(...orphansOf(row, saved.at))
  }
  return orphans
}

const isTimeline = (key: string): boolean => !key.startsWith('device:')

const currentLayouts = ({ layouts }: CompiledRules): SavedLayouts =>
  Object.fromEntries([...layouts].map(([type, { fields }]) => [type, fields]))

/** Marks rows of removed devices and groups for deletion. */
function markRemoved({ records, timelines, removedKeys }: SubjectTable, rows: Rows): void {
  const keys = new Set([...timelines.keys(), ...[...records.keys()].map(deviceKey), 'engine'])
  for (const key of rows.keys()) if (!keys.has(key)) removedKeys.add(key)
}
