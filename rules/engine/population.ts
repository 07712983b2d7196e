/** All devices and timelines of one engine, kept in step with the directory. */
import type { Device, Directory } from '../../model/ports/directory.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import { createLocations } from '../expression/location.ts'
import { carryOver, endWhatLeft, groupOfKey, isOfGroup, regroup } from './carry-over.ts'
import { schedule } from './evaluate.ts'
import { type StillDevice, type StillTimeline, stillDevice, stillTimeline } from './frozen.ts'
import { rowsOf } from './frozen-rows.ts'
import { type Building, buildTimeline, type Plan, planTimelines } from './registry.ts'
import type { Run } from './run.ts'
import { createSignatures } from './signature.ts'
import {
  orphansOf,
  type Restoring,
  restoreDevice,
  restoreTimeline,
  type SavedLayouts,
  type SnapshotRow,
} from './snapshot.ts'
import { trimQuiet } from './trim.ts'
import type { DeviceRecord, Orphan, Timeline } from './types.ts'

export interface Population {
  find(device: string): DeviceRecord | undefined
  has(timeline: Timeline): boolean
  size(): number
  /** Rules with something to do on a device, counted for each device. */
  pairs(): number
  /** Takes over what the directory says now: new devices begin, removed ones end. */
  sync(): void
  syncIfChanged(): void
  /** Looks whether some have gone quiet; whoever calls it every second has looked at all within five minutes. */
  trimSome(): void
  /** Only when a device told other static facts. */
  syncIfRetold(): void
  /** Of this instant; they may be taken while others apply entries. */
  snapshot(): Iterable<SnapshotRow>
  /** Step by step; returns the open episodes that nobody carries on. */
  restoring(rows: ReadonlyMap<string, string>, saved: Restoring): Generator<void, Orphan[]>
}

export interface PopulationOptions {
  readonly rules: CompiledRules
  readonly directory: Directory
  readonly run: Run
}

export function createPopulation({ rules, directory, run }: PopulationOptions): Population {
  const records = new Map<string, DeviceRecord>()
  const known = new Map<string, Timeline>()
  const building: Building = {
    rules,
    records,
    peek: run.peek,
    locationOf: createLocations(),
    fittings: new Map(),
    unknown: new Map(),
    blind: new Map(),
  }
  /** What a device tells of itself may decide which rules are about it. */
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
        record.meta = { ...record.told, ...device.meta }
      }
    }
    for (const record of records.values()) record.places = []
  }

  /** `before`: the timelines that groups had, by group. */
  function place(plan: Plan, signature: string, before: ReadonlyMap<string, readonly Timeline[]>): void {
    const former = known.get(plan.key)
    if (former?.signature === signature) {
      takePlaces(former)
      return
    }
    const timeline = buildTimeline(plan, signature, building)
    carryOver(timeline, before.get(groupOfKey(plan.key)) ?? (former ? [former] : []))
    beginWatching(run, timeline)
    takePlaces(timeline)
    known.set(plan.key, timeline)
    gone.delete(plan.key)
    run.touch(timeline)
    for (const instance of [...timeline.instances, ...timeline.hubInstances]) {
      schedule(run, timeline, instance)
    }
  }

  function sync(): void {
    for (const _ of syncing());
  }

  /** With what they told themselves where the registry says nothing. */
  const completed = (devices: readonly Device[]): readonly Device[] =>
    devices.map((device) => {
      const { told = noFacts, meta = device.meta } = records.get(device.id) ?? {}
      return told === noFacts ? device : { ...device, meta }
    })

  /** `rows`: a former snapshot, when one is taken over. */
  function* syncing(rows?: ReadonlyMap<string, string>): Generator<void> {
    const devices = directory.devices()
    seen = devices
    run.retold = false
    syncRecords(devices)
    if (rows) {
      for (const record of records.values()) {
        restoreRecord(record, rows.get(deviceKey(record.device.id)))
        yield
      }
    }
    const plans = planTimelines(rules, directory, completed(devices))
    yield
    const keys = new Set(plans.map(({ key }) => key))
    const former = [...known.values()]
    const before = Map.groupBy(
      former.filter(({ key }) => isOfGroup(key)),
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
    endWhatLeft(run, former, known)
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
    syncIfRetold() {
      if (run.retold && factsMatter) sync()
    },
    syncIfChanged() {
      if (directory.devices() !== seen || (run.retold && factsMatter)) sync()
    },
    snapshot() {
      const left = [...gone]
      gone.clear()
      const devices: [string, StillDevice][] = []
      for (const record of records.values()) {
        if (!record.dirty) continue
        record.dirty = false
        devices.push([deviceKey(record.device.id), stillDevice(record)])
      }
      const timelines: StillTimeline[] = []
      for (const timeline of run.touched.splice(0)) {
        timeline.dirty = false
        if (known.get(timeline.key) === timeline) timelines.push(stillTimeline(timeline))
      }
      return rowsOf({ left, devices, timelines })
    },
    *restoring(rows, saved) {
      yield* syncing(rows)
      const orphans: Orphan[] = []
      const changed =
        saved.isMigrated || JSON.stringify(saved.saved) !== JSON.stringify(currentLayouts(rules))
      if (saved.isMigrated) for (const record of records.values()) record.dirty = true
      run.timers.clear()
      run.touched.length = 0
      const moved = regroup(rows, known)
      yield
      for (const timeline of known.values()) {
        const row = moved.get(timeline.key)
        const restored = row === undefined ? undefined : restoreTimeline(timeline, row, saved)
        orphans.push(...(restored?.orphans ?? []))
        timeline.dirty = false
        if (!restored?.isAsSaved || changed) run.touch(timeline)
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

/** Every device knows where it is judged. An array that grows by `push` would have room to spare; there are thousands of them. */
function takePlaces({ members }: Timeline): void {
  for (const member of members) member.record.places = member.record.places.concat(member)
}

function pairsOf({ instances, hubInstances }: Timeline): number {
  return [...instances, ...hubInstances].reduce(
    (sum, { concerns }) => sum + concerns.filter(Boolean).length,
    0,
  )
}

/** In so many calls all are looked at. */
const trimRound = 300

/** Shared by all who have not told any. */
const noFacts: DeviceRecord['told'] = {}
const nothing: DeviceRecord['own'] = []

const deviceKey = (id: string): string => `device:${id}`
const isTimeline = (key: string): boolean => !key.startsWith('device:')

function newRecord(device: Device, since: number): DeviceRecord {
  return {
    device,
    knownSince: since,
    lastSeenAt: undefined,
    backlogAt: undefined,
    meta: device.meta,
    told: noFacts,
    places: [],
    own: nothing,
    wrongClock: undefined,
    numbers: undefined,
    dirty: true,
  }
}

function restoreRecord(record: DeviceRecord, text: string | undefined): void {
  if (text === undefined) return
  const { since, heardAt, backlogAt, told, line = {} } = restoreDevice(text)
  Object.assign(record, {
    knownSince: since,
    lastSeenAt: heardAt,
    backlogAt,
    told: Object.keys(told).length === 0 ? noFacts : told,
    wrongClock: line.wrongClock,
    numbers: line.numbers,
    meta: { ...told, ...record.device.meta },
    dirty: false,
  })
}

const currentLayouts = ({ layouts }: CompiledRules): SavedLayouts =>
  Object.fromEntries([...layouts].map(([type, { fields }]) => [type, fields]))

/** Rows of devices and groups that are no longer there. */
function forget(
  rows: ReadonlyMap<string, string>,
  records: ReadonlyMap<string, DeviceRecord>,
  known: ReadonlyMap<string, Timeline>,
  gone: Set<string>,
): void {
  const keys = new Set([...known.keys(), ...[...records.keys()].map(deviceKey), 'engine'])
  for (const key of rows.keys()) if (!keys.has(key)) gone.add(key)
}

/** Rules that were not there have seen nothing of what was before. */
function beginWatching(run: Run, timeline: Timeline): void {
  const { cells, instances, hubInstances } = timeline
  for (const { rule, cell } of [...instances, ...hubInstances])
    cells[cell] ??= rule.condition.begin?.(run.now, timeline)
}
