/**
 * A process of its own for `measures/engine.ts`: many devices with the whole library, what an idle one keeps in memory,
 * and how long a restart takes. Run with --expose-gc; prints one line of JSON.
 */
import { loadRules } from '../app/files.ts'
import { buildDirectory } from '../community/directory.ts'
import { communityFile } from '../model/community-file.ts'
import type { DeviceEntry } from '../model/entry.ts'
import { createEngine, type Engine } from '../rules/engine/engine.ts'
import { communityOf, type FleetDevice, fleet } from './fleet.ts'

export interface EngineLife {
  readonly rules: number
  readonly devices: number
  /** Of one device with one rule, group rules counted for each member. */
  readonly pairs: number
  /** What the engine keeps beside the directory, all devices idle. */
  readonly bytes: number
  readonly snapshotMs: number
  readonly snapshotBytes: number
  /** Rows to state. */
  readonly restoreMs: number
  /** Judging again what came since the snapshot. */
  readonly replayMs: number
  readonly replayed: number
  /** A tick after one device told of itself for the first time. */
  readonly toldMs: number
}

const START = Date.UTC(2026, 2, 1, 15)
const SECOND = 1000
/** How often an idle device speaks, s: lifts and cabinets by the minute, lamps and sensors when they have to. */
const paces: Readonly<Record<string, number>> = { elevator: 60, cabinet: 60, streetlight: 300 }
const USUAL_PACE = 1800
const HOUR_S = 3600
/** A snapshot is taken every 30 s; a crash just before the next one is the longest replay. */
const SINCE_SNAPSHOT_S = 30
/** In the replay every device speaks so often, s: as if all were busy. */
const BUSY_PACE = 10

const count = Number(process.argv[2] ?? 10_000)
const devices = fleet(count)
const directory = buildDirectory(communityFile.parse(communityOf(devices)))
const rules = loadRules(null)

function entryOf(device: FleetDevice, ts: number, turn: number): DeviceEntry {
  const { site, type, id, variants } = device
  // Idle: nothing new to tell, and no door open.
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

/** `paceOf` in seconds; returns how many messages were judged. */
function live(
  engine: Engine,
  span: { from: number; seconds: number },
  paceOf: (type: string) => number,
): number {
  let told = 0
  for (let second = 0; second < span.seconds; second++) {
    const now = span.from + second * SECOND
    engine.apply({ kind: 'tick', receivedAt: now, seq: ++seq })
    devices.forEach((device, index) => {
      const pace = paceOf(device.type)
      if ((second + index) % pace !== 0) return
      told += 1
      engine.apply({ ...entryOf(device, now + (index % SECOND), Math.floor(second / pace)), seq: ++seq })
    })
  }
  return told
}

function tellFacts(engine: Engine, now: number): void {
  const lamp = devices.find(({ type }) => type === 'streetlight') as FleetDevice
  const told = { ...entryOf(lamp, now, 0), kind: 'meta', values: { powerRating: 80 } } as const
  engine.apply({ ...told, seq: ++seq })
  engine.apply({ kind: 'tick', receivedAt: now + SECOND, seq: ++seq })
}

/** Bytes in use after the collector has been there. */
function heap(): number {
  if (!globalThis.gc) throw new Error('run with --expose-gc')
  for (let round = 0; round < 4; round++) globalThis.gc()
  return process.memoryUsage().heapUsed
}

const milliseconds = (work: () => void): number => {
  const begun = performance.now()
  work()
  return performance.now() - begun
}

const empty = heap()
const engine = createEngine({ rules, directory })
live(engine, { from: START, seconds: HOUR_S }, (type) => paces[type] ?? USUAL_PACE)
const bytes = heap() - empty
let rows: ReadonlyMap<string, string | null> = new Map()
const snapshotMs = milliseconds(() => {
  rows = engine.snapshot()
})
const texts = new Map([...rows].filter((row): row is [string, string] => row[1] !== null))
const again = createEngine({ rules, directory })
const restoreMs = milliseconds(() => again.restore(texts))
let replayed = 0
const replayMs = milliseconds(() => {
  const since = { from: START + HOUR_S * SECOND, seconds: SINCE_SNAPSHOT_S }
  replayed = live(again, since, () => BUSY_PACE)
})
const toldMs = milliseconds(() => tellFacts(again, START + (HOUR_S + SINCE_SNAPSHOT_S) * SECOND))
const life: EngineLife = {
  rules: rules.list.length,
  devices: devices.length,
  pairs: engine.pairs(),
  bytes,
  snapshotMs,
  snapshotBytes: [...texts.values()].reduce((sum, text) => sum + text.length, 0),
  restoreMs,
  replayMs,
  replayed,
  toldMs,
}
console.log(JSON.stringify(life))
