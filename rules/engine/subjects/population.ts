/** All devices and timelines of one engine, kept in sync with the directory. */
import type { Device, Directory } from '../../../model/ports/directory.ts'
import type { CompiledRules } from '../../compile/compiled-rule.ts'
import { createLocations } from '../../expression/location.ts'
import { schedule } from '../evaluate/evaluate.ts'
import { trimQuiet } from '../reorder/trim.ts'
import type { Run } from '../run.ts'
import { type FrozenDevice, type FrozenTimeline, freezeDevice, freezeTimeline } from '../snapshot/frozen.ts'
import { rowsOf } from '../snapshot/frozen-rows.ts'
import {
  orphansOf,
  type Restoring,
  restoreDevice,
  restoreTimeline,
  type SavedLayouts,
  type SnapshotRow,
} from '../snapshot/rows.ts'
import type { DeviceRecord, OrphanedEpisode, Timeline } from '../types.ts'
import { carryOver, endRemoved, groupOfKey, isGroupKey, regroup } from './carry-over.ts'
import { buildTimeline, type Plan, planTimelines, type TimelineContext } from './registry.ts'
import { createSignatures } from './signature.ts'

export interface Population {
  find(device: string): DeviceRecord | undefined
  has(timeline: Timeline): boolean
  size(): number
  /** Number of pairs of rule and device. */
  pairs(): number
  /** Synchronises with the directory: new devices are added, removed ones end. */
  sync(): void
  syncIfChanged(): void
  /** Trims the next share of idle timelines; called every second it visits all within five minutes. */
  trimSome(): void
  /** Synchronises only when a device reported new static facts. */
  syncIfMetaChanged(): void
  /** Rows as of this instant; entries may be applied while they are read. */
  snapshot(): Iterable<SnapshotRow>
  /** Restores rows step by step; returns open episodes without a timeline. */
  restoring(rows: ReadonlyMap<string, string>, saved: Restoring): Generator<void, OrphanedEpisode[]>
}

export interface PopulationOptions {
  readonly rules: CompiledRules
  readonly directory: Directory
  readonly run: Run
}

export function createPopulation({ rules, directory, run }: PopulationOptions): Population {
  const records = new Map<string, DeviceRecord>()
  const known = new Map<string, Timeline>()
  const building: TimelineContext = {
    rules,
    records,
    timerScope: run.timerScope,
    locationOf: createLocations(),
    cellLayouts: new Map(),
    unknown: new Map(),
    withoutValues: new Map(),
  }
  /** Reported static facts may decide which rules apply to a device. */
  const factsMatter = rules.list.some(({ where, condition }) => where || condition.clock === 'device')
  const gone = new Set<string>()
  let seen: readonly Device[] | undefined
  let round = known.values()

  function syncRecords(devices: readonly Device[]): void {
    const ids = new Set(devices.map(({ id }) => id))
    for (const id of records.keys()) {
      if (ids.has(id)) continue
      records.delete(id)
      gone.add(deviceKey(id))
    }
    for (const device of devices) {
      const record = records.get(device.id)
      if (!record) records.set(device.id, newRecord(device, run.now))
      else if (record.device !== device) {
        record.device = device
        record.meta = { ...record.reportedMeta, ...device.meta }
      }
    }
    for (const record of records.values()) record.memberships = []
  }

  /** `before`: previous timelines by group. */
  function place(plan: Plan, signature: string, before: ReadonlyMap<string, readonly Timeline[]>): void {
    const former = known.get(plan.key)
    if (former?.signature === signature) {
      addMemberships(former)
      return
    }
    const timeline = buildTimeline(plan, signature, building)
    carryOver(timeline, before.get(groupOfKey(plan.key)) ?? (former ? [former] : []))
    beginWatching(run, timeline)
    addMemberships(timeline)
    known.set(plan.key, timeline)
    gone.delete(plan.key)
    run.markDirty(timeline)
    for (const instance of [...timeline.instances, ...timeline.hubInstances]) {
      schedule(run, timeline, instance)
    }
  }

  function sync(): void {
    for (const _ of syncing());
  }

  /** Devices with their reported static facts where the registry has none. */
  const withReportedMeta = (devices: readonly Device[]): readonly Device[] =>
    devices.map((device) => {
      const { reportedMeta = noFacts, meta = device.meta } = records.get(device.id) ?? {}
      return reportedMeta === noFacts ? device : { ...device, meta }
    })

  /** `rows`: rows of a snapshot that is being restored. */
  function* syncing(rows?: ReadonlyMap<string, string>): Generator<void> {
    const devices = directory.devices()
    seen = devices
    run.metaChanged = false
    syncRecords(devices)
    if (rows) {
      for (const record of records.values()) {
        restoreRecord(record, rows.get(deviceKey(record.device.id)))
        yield
      }
    }
    const plans = planTimelines(rules, directory, withReportedMeta(devices))
    yield
    const keys = new Set(plans.map(({ key }) => key))
    const former = [...known.values()]
    const before = Map.groupBy(
      former.filter(({ key }) => isGroupKey(key)),
      ({ key }) => groupOfKey(key),
    )
    for (const key of known.keys()) {
      if (keys.has(key)) continue
      known.delete(key)
      gone.add(key)
    }
    const signatureOf = createSignatures()
    for (const plan of plans) {
      place(plan, signatureOf(plan), before)
      yield
    }
    endRemoved(run, former, known)
  }

  return {
    find(id) {
      const record = records.get(id)
      if (record || !directory.device(id)) return record
      sync()
      return records.get(id)
    },
    has: (timeline) => known.get(timeline.key) === timeline,
    size: () => known.size,
    pairs: () => [...known.values()].reduce((sum, timeline) => sum + pairsOf(timeline), 0),
    sync,
    trimSome() {
      for (let left = known.size / trimRound; left > 0; left -= 1) {
        const { value } = round.next()
        if (value) trimQuiet(run, value)
        else round = known.values()
      }
    },
    syncIfMetaChanged() {
      if (run.metaChanged && factsMatter) sync()
    },
    syncIfChanged() {
      if (directory.devices() !== seen || (run.metaChanged && factsMatter)) sync()
    },
    snapshot() {
      const left = [...gone]
      gone.clear()
      const devices: [string, FrozenDevice][] = []
      for (const record of records.values()) {
        if (!record.dirty) continue
        record.dirty = false
        devices.push([deviceKey(record.device.id), freezeDevice(record)])
      }
      const timelines: FrozenTimeline[] = []
      for (const timeline of run.dirtyTimelines.splice(0)) {
        timeline.dirty = false
        if (known.get(timeline.key) === timeline) timelines.push(freezeTimeline(timeline))
      }
      return rowsOf({ left, devices, timelines })
    },
    *restoring(rows, saved) {
      yield* syncing(rows)
      const orphans: OrphanedEpisode[] = []
      const changed =
        saved.isMigrated || JSON.stringify(saved.saved) !== JSON.stringify(currentLayouts(rules))
      if (saved.isMigrated) for (const record of records.values()) record.dirty = true
      run.timers.clear()
      run.dirtyTimelines.length = 0
      const moved = regroup(rows, known)
      yield
      for (const timeline of known.values()) {
        const row = moved.get(timeline.key)
        const restored = row === undefined ? undefined : restoreTimeline(timeline, row, saved)
        orphans.push(...(restored?.orphans ?? []))
        timeline.dirty = false
        if (!restored?.isAsSaved || changed) run.markDirty(timeline)
        timeline.timers = null
        for (const instance of [...timeline.instances, ...timeline.hubInstances]) {
          schedule(run, timeline, instance)
        }
        yield
      }
      forget(rows, records, known, gone)
      for (const key of gone) {
        const row = isTimeline(key) ? moved.get(key) : undefined
        if (row !== undefined) orphans.push(...orphansOf(row, saved.at))
      }
      return orphans
    },
  }
}

/**
 * Each device knows its timelines. `concat` leaves no spare capacity, unlike `push`: there are thousands of these
 * arrays.
 */
function addMemberships({ members }: Timeline): void {
  for (const member of members) member.record.memberships = member.record.memberships.concat(member)
}

function pairsOf({ instances, hubInstances }: Timeline): number {
  return [...instances, ...hubInstances].reduce(
    (sum, { concerns }) => sum + concerns.filter(Boolean).length,
    0,
  )
}

/** After this many calls all timelines were visited. */
const trimRound = 300

/** Shared by all devices that reported no facts. */
const noFacts: DeviceRecord['reportedMeta'] = {}
const nothing: DeviceRecord['reported'] = []

const deviceKey = (id: string): string => `device:${id}`
const isTimeline = (key: string): boolean => !key.startsWith('device:')

function newRecord(device: Device, since: number): DeviceRecord {
  return {
    device,
    knownSince: since,
    lastSeenAt: undefined,
    backlogAt: undefined,
    meta: device.meta,
    reportedMeta: noFacts,
    memberships: [],
    reported: nothing,
    wrongClock: undefined,
    numbers: undefined,
    dirty: true,
  }
}

function restoreRecord(record: DeviceRecord, text: string | undefined): void {
  if (text === undefined) return
  const { knownSince, lastSeenAt, backlogAt, reportedMeta, link = {} } = restoreDevice(text)
  Object.assign(record, {
    knownSince,
    lastSeenAt,
    backlogAt,
    reportedMeta: Object.keys(reportedMeta).length === 0 ? noFacts : reportedMeta,
    wrongClock: link.wrongClock,
    numbers: link.numbers,
    meta: { ...reportedMeta, ...record.device.meta },
    dirty: false,
  })
}

const currentLayouts = ({ layouts }: CompiledRules): SavedLayouts =>
  Object.fromEntries([...layouts].map(([type, { fields }]) => [type, fields]))

/** Marks rows of removed devices and groups for deletion. */
function forget(
  rows: ReadonlyMap<string, string>,
  records: ReadonlyMap<string, DeviceRecord>,
  known: ReadonlyMap<string, Timeline>,
  gone: Set<string>,
): void {
  const keys = new Set([...known.keys(), ...[...records.keys()].map(deviceKey), 'engine'])
  for (const key of rows.keys()) if (!keys.has(key)) gone.add(key)
}

/** New rules begin now: they know nothing of the time before. */
function beginWatching(run: Run, timeline: Timeline): void {
  const { cells, instances, hubInstances } = timeline
  for (const { rule, cell } of [...instances, ...hubInstances])
    cells[cell] ??= rule.condition.begin?.(run.now, timeline)
}
