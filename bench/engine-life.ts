/**
 * Child process of `measures/engine.ts`: memory of idle devices under the whole library, and the time of a restart.
 * Run with --expose-gc; prints one line of JSON.
 */
import { loadRules } from '../app/files.ts'
import { buildDirectory } from '../community/directory.ts'
import { communityFile } from '../model/community-file.ts'
import type { DeviceEntry } from '../model/entry.ts'
import { createEngine, type Engine } from '../rules/engine/engine.ts'
import { communityOf, type FleetDevice, fleet } from './fleet.ts'

export interface EngineFigures {
  readonly rules: number
  readonly devices: number
  /** Device-rule pairs; group rules count once per member. */
  readonly pairs: number
  /** Memory of the engine without the directory, all devices idle. */
  readonly bytes: number
  readonly snapshotMs: number
  readonly snapshotBytes: number
  /** Time to restore the state from the snapshot rows. */
  readonly restoreMs: number
  /** Time to replay the messages since the snapshot. */
  readonly replayMs: number
  readonly replayed: number
  /** Time of a tick after a device has published new static facts. */
  readonly applyFactsMs: number
}

const START = Date.UTC(2026, 2, 1, 15)
const SECOND = 1000
/** Report interval of an idle device, s: lifts and cabinets every minute, lamps and sensors at their heartbeat. */
const reportIntervals: Readonly<Record<string, number>> = { elevator: 60, cabinet: 60, streetlight: 300 }
const DEFAULT_INTERVAL = 1800
const HOUR_S = 3600
/** Snapshots are written every 30 s; a crash just before the next one gives the longest replay. */
const SINCE_SNAPSHOT_S = 30
/** Report interval during the replay, s: as if all devices were busy. */
const BUSY_INTERVAL = 10

const count = Number(process.argv[2] ?? 10_000)
const devices = fleet(count)
const directory = buildDirectory(communityFile.parse(communityOf(devices)))
const rules = loadRules(null)

function entryOf(device: FleetDevice, ts: number, turn: number): DeviceEntry {
  const { site, type, id, variants } = device
  // Idle: no changes and no open door.
  const values = variants.find(({ contact }) => contact !== false) ?? {}
  return {
    kind: 'telemetry',
    site,
    type,
    device: id,
    receivedAt: ts + 20,
    ts,
    quality: 'live',
    messageSeq: turn,
    values,
  }
}

let seq = 0

/** `intervalOf` in seconds; returns the number of applied messages. */
function run(
  engine: Engine,
  span: { from: number; seconds: number },
  intervalOf: (type: string) => number,
): number {
  let applied = 0
  for (let second = 0; second < span.seconds; second++) {
    const now = span.from + second * SECOND
    engine.apply({ kind: 'tick', receivedAt: now, seq: ++seq })
    devices.forEach((device, index) => {
      const interval = intervalOf(device.type)
      if ((second + index) % interval !== 0) return
      applied += 1
      engine.apply({ ...entryOf(device, now + (index % SECOND), Math.floor(second / interval)), seq: ++seq })
    })
  }
  return applied
}

function applyFacts(engine: Engine, now: number): void {
  const lamp = devices.find(({ type }) => type === 'streetlight') as FleetDevice
  const facts = { ...entryOf(lamp, now, 0), kind: 'meta', values: { powerRating: 80 } } as const
  engine.apply({ ...facts, seq: ++seq })
  engine.apply({ kind: 'tick', receivedAt: now + SECOND, seq: ++seq })
}

/** Bytes in use after garbage collection. */
function heapAfterCollection(): number {
  if (!globalThis.gc) throw new Error('run with --expose-gc')
  for (let round = 0; round < 4; round++) globalThis.gc()
  return process.memoryUsage().heapUsed
}

const milliseconds = (work: () => void): number => {
  const begun = performance.now()
  work()
  return performance.now() - begun
}

const empty = heapAfterCollection()
const engine = createEngine({ rules, directory })
run(engine, { from: START, seconds: HOUR_S }, (type) => reportIntervals[type] ?? DEFAULT_INTERVAL)
const bytes = heapAfterCollection() - empty
let rows: ReadonlyMap<string, string | null> = new Map()
const snapshotMs = milliseconds(() => {
  rows = engine.snapshot()
})
const texts = new Map([...rows].filter((row): row is [string, string] => row[1] !== null))
const restored = createEngine({ rules, directory })
const restoreMs = milliseconds(() => restored.restore(texts))
let replayed = 0
const replayMs = milliseconds(() => {
  const since = { from: START + HOUR_S * SECOND, seconds: SINCE_SNAPSHOT_S }
  replayed = run(restored, since, () => BUSY_INTERVAL)
})
const applyFactsMs = milliseconds(() => applyFacts(restored, START + (HOUR_S + SINCE_SNAPSHOT_S) * SECOND))
const figures: EngineFigures = {
  rules: rules.list.length,
  devices: devices.length,
  pairs: engine.pairs(),
  bytes,
  snapshotMs,
  snapshotBytes: [...texts.values()].reduce((sum, text) => sum + text.length, 0),
  restoreMs,
  replayMs,
  replayed,
  applyFactsMs: applyFactsMs,
}
console.log(JSON.stringify(figures))
