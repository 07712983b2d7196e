/** What is known of one device from its messages: newest values, when it was last heard, whether it counts as online. */
import type { DeviceType, FieldValue } from '../model/device-type.ts'
import type { DeviceEntry } from '../model/entry.ts'
import type { LatestReading } from '../model/live-feed.ts'

/**
 * How long a device may be silent before it counts as offline, ms: zigbee2mqtt's availability defaults
 * (10 min for mains devices, 1,500 min for battery devices; domain.md D1).
 */
export const offlineLimits = { mains: 10 * 60_000, battery: 1500 * 60_000 } as const satisfies Record<
  DeviceType['power'],
  number
>

/** Changed in place, message by message: this is the hot path. `readingOf` gives it to others as a copy. */
export interface LastHeard {
  readonly device: string
  readonly limit: number
  readonly values: Record<string, FieldValue>
  /** Event time of the newest values, ms. */
  ts: number
  /** Hub clock of the last message from the device itself, ms. */
  receivedAt: number
  /** The broker or the device said that it is gone; the next message from it says otherwise. */
  gone: boolean
  /** As last told to listeners. */
  toldOnline: boolean
}

export function firstHeard(entry: DeviceEntry, limit: number): LastHeard {
  return {
    device: entry.device,
    limit,
    values: {},
    ts: entry.receivedAt,
    receivedAt: entry.receivedAt,
    gone: false,
    toldOnline: false,
  }
}

/** True for the message by which the broker says that a device is gone; that is no sign of life. */
export function isGoodbye(entry: DeviceEntry): boolean {
  return entry.kind === 'status' && entry.values.state === 'offline'
}

/** Takes one message of the device. */
export function hear(heard: LastHeard, entry: DeviceEntry): void {
  if (isGoodbye(entry)) {
    heard.gone = true
    return
  }
  heard.gone = false
  heard.receivedAt = Math.max(heard.receivedAt, entry.receivedAt)
  // A time that is ahead (journals of former versions have such) would hide every right reading after it.
  if (entry.kind === 'telemetry' && (entry.quality !== 'future' || entry.ts <= entry.receivedAt))
    mergeValues(heard, entry)
}

/** A sparse reading does not hide older fields; a late one fills in only what is not known yet. */
function mergeValues(heard: LastHeard, entry: DeviceEntry): void {
  const known = hasValues(heard)
  if (!known || entry.ts >= heard.ts) {
    Object.assign(heard.values, entry.values)
    heard.ts = entry.ts
    return
  }
  for (const [field, value] of Object.entries(entry.values)) {
    if (!(field in heard.values)) heard.values[field] = value
  }
}

function hasValues(heard: LastHeard): boolean {
  for (const _ in heard.values) return true
  return false
}

export function isOnline(heard: LastHeard, now: number): boolean {
  return !heard.gone && now - heard.receivedAt < heard.limit
}

export function readingOf(heard: LastHeard, now: number): LatestReading {
  const { device, ts, receivedAt, values } = heard
  return { device, ts, receivedAt, online: isOnline(heard, now), values: { ...values } }
}

/** From a saved reading. One that was offline stays so until it is heard again, whatever the reason was. */
export function fromSaved(saved: LatestReading, limit: number): LastHeard {
  const { device, ts, receivedAt, online, values } = saved
  return { device, limit, values: { ...values }, ts, receivedAt, gone: !online, toldOnline: online }
}
