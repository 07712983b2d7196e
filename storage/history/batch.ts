/** Splits the entries of one write into readings and other messages; counts those that cannot be stored. */
import type { DeviceType, FieldValue } from '../../model/device-type.ts'
import type { DeviceEntry, Journaled } from '../../model/entry.ts'
import { HOUR_MS } from '../../model/time.ts'
import { hourOf } from './buckets.ts'

export type DeviceRow = Journaled<DeviceEntry>

/** Receives entries one by one, so that none stays in memory longer than needed. */
export interface Sink {
  /** Telemetry; false when a value does not fit its column. */
  reading(entry: DeviceRow): boolean
  /** Events, status changes and meta messages. */
  message(entry: DeviceRow): void
}

export interface Batch {
  /** Hours (start, ms) with new readings, by device type: their roll-ups are out of date. */
  readonly hours: ReadonlyMap<string, ReadonlySet<number>>
  /** Entries not stored, or only in part. */
  readonly refused: number
}

export interface BatchLimits {
  readonly types: ReadonlyMap<string, DeviceType>
  /** Entries up to this seq are already stored and skipped. */
  readonly after: number
  /** Largest |ts| that the engine can store, ms. */
  readonly maxTime: number
}

/** Entries must be in the order of the journal. */
export function sortBatch(entries: Iterable<DeviceRow>, limits: BatchLimits, sink: Sink): Batch {
  const hours = new Map<string, Set<number>>()
  let refused = 0
  let lastHour = Number.NaN
  let lastType = ''
  for (const entry of entries) {
    if (entry.seq <= limits.after) continue
    if (!limits.types.has(entry.type) || !isStorableTime(entry.ts, limits.maxTime)) {
      refused++
      continue
    }
    if (entry.kind !== 'telemetry') {
      sink.message(entry)
      continue
    }
    if (!sink.reading(entry)) refused++
    // Consecutive entries mostly share type and hour; this check keeps the set out of the hot path.
    if (entry.type !== lastType || entry.ts < lastHour || entry.ts >= lastHour + HOUR_MS) {
      lastType = entry.type
      lastHour = hourOf(entry.ts)
      mark(hours, lastType, lastHour)
    }
  }
  return { hours, refused }
}

function isStorableTime(ts: number, max: number): boolean {
  return Number.isSafeInteger(ts) && Math.abs(ts) <= max
}

function mark(hours: Map<string, Set<number>>, type: string, hour: number): void {
  const marked = hours.get(type)
  if (marked) marked.add(hour)
  else hours.set(type, new Set([hour]))
}

/** Lists are stored as words joined by commas (no word of `model/devices` contains one), in every engine. */
export function listText(value: readonly string[]): string {
  return value.join(',')
}

/** The word of an event (`type`) or status (`state`), and the other values as JSON; null when absent. */
export function wordAndDetails(entry: DeviceRow): { word: string | null; details: string | null } {
  const key = wordKeys[entry.kind]
  const { [key ?? '']: word, ...rest } = entry.values
  const details = Object.keys(rest).length > 0 ? JSON.stringify(rest) : null
  return { word: typeof word === 'string' ? word : null, details }
}

const wordKeys: Readonly<Record<string, string>> = { event: 'type', status: 'state' }

/** True when a value has the kind of its field. */
export function fitsKind(kind: string, value: FieldValue): boolean {
  switch (kind) {
    case 'number':
      return Number.isFinite(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'list':
      return Array.isArray(value)
    default:
      return typeof value === 'string'
  }
}

/** An hour of a device type whose roll-up is out of date. */
export interface DirtyHour {
  readonly type: string
  /** Start, ms. */
  readonly hour: number
}

/** The dirty hours of a batch, of all types. */
export function hoursOf(batch: Batch): DirtyHour[] {
  return [...batch.hours].flatMap(([type, hours]) => [...hours].map((hour) => ({ type, hour })))
}

/** Unique for each type and hour. */
export function keyOf({ type, hour }: DirtyHour): string {
  return `${type} ${hour}`
}
