/** Goes through the entries of one write: readings, other messages, and what cannot be stored, which is counted. */
import type { DeviceType, FieldValue } from '../../model/device-type.ts'
import type { DeviceEntry, Journaled } from '../../model/entry.ts'
import { HOUR_MS } from '../../model/time.ts'
import { hourOf } from './buckets.ts'

export type DeviceRow = Journaled<DeviceEntry>

/** Where the entries go, one by one, so that none is kept longer than it takes to write it down. */
export interface Sink {
  /** Telemetry; false when something of it does not fit. */
  reading(entry: DeviceRow): boolean
  /** Events, status changes and meta messages. */
  message(entry: DeviceRow): void
}

export interface Batch {
  /** Hours (start, ms) that got readings, by device type; their roll-ups are out of date now. */
  readonly hours: ReadonlyMap<string, ReadonlySet<number>>
  /** Entries left out, whole or in part. */
  readonly refused: number
}

export interface BatchLimits {
  readonly types: ReadonlyMap<string, DeviceType>
  /** Entries up to here are stored already and passed over. */
  readonly after: number
  /** Largest |ts| the engine can hold, ms. */
  readonly maxTime: number
}

export function sortBatch(entries: Iterable<DeviceRow>, limits: BatchLimits, sink: Sink): Batch {
  const hours = new Map<string, Set<number>>()
  let refused = 0
  let lastHour = Number.NaN
  let lastType = ''
  for (const entry of entries) {
    if (entry.seq <= limits.after) continue
    if (!limits.types.has(entry.type) || !storableTime(entry.ts, limits.maxTime)) {
      refused++
      continue
    }
    if (entry.kind !== 'telemetry') {
      sink.message(entry)
      continue
    }
    if (!sink.reading(entry)) refused++
    // Neighbours mostly share type or hour; the test keeps the set out of the hot path.
    if (entry.type !== lastType || entry.ts < lastHour || entry.ts >= lastHour + HOUR_MS) {
      lastType = entry.type
      lastHour = hourOf(entry.ts)
      mark(hours, lastType, lastHour)
    }
  }
  return { hours, refused }
}

function storableTime(ts: number, max: number): boolean {
  return Number.isSafeInteger(ts) && Math.abs(ts) <= max
}

function mark(hours: Map<string, Set<number>>, type: string, hour: number): void {
  const marked = hours.get(type)
  if (marked) marked.add(hour)
  else hours.set(type, new Set([hour]))
}

/** Lists are kept as their words joined by commas (the words of `model/devices` have none), in every engine. */
export function listText(value: readonly string[]): string {
  return value.join(',')
}

/** The one word of an event (`type`) or status (`state`), and what else the message said as JSON; null when nothing. */
export function messageParts(entry: DeviceRow): { word: string | null; details: string | null } {
  const key = wordKeys[entry.kind]
  const { [key ?? '']: word, ...rest } = entry.values
  const details = Object.keys(rest).length > 0 ? JSON.stringify(rest) : null
  return { word: typeof word === 'string' ? word : null, details }
}

const wordKeys: Readonly<Record<string, string>> = { event: 'type', status: 'state' }

/** True when a value is of the kind its column holds. */
export function isOfKind(kind: string, value: FieldValue): boolean {
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

export function hoursOf(batch: Batch): DirtyHour[] {
  return [...batch.hours].flatMap(([type, hours]) => [...hours].map((hour) => ({ type, hour })))
}

export function keyOf({ type, hour }: DirtyHour): string {
  return `${type} ${hour}`
}
