/** State of one device from its messages: newest values, when it was last seen, whether it is online. */
import type { DeviceType, FieldValue } from '../model/device-type.ts'
import type { DeviceEntry } from '../model/entry.ts'
import type { LatestReading } from '../model/live-feed.ts'
import { MINUTE_MS } from '../model/time.ts'

/**
 * How long a device may be silent before it counts as offline, ms: zigbee2mqtt's availability defaults
 * (10 min for mains devices, 1,500 min for battery devices; domain.md D1).
 */
export const offlineLimits = { mains: 10 * MINUTE_MS, battery: 1500 * MINUTE_MS } as const satisfies Record<
  DeviceType['power'],
  number
>

/** Changed in place, because this is the hot path; `readingOf` copies it. */
export interface LastSeen {
  readonly device: string
  readonly offlineAfter: number
  readonly values: Record<string, FieldValue>
  /** Event time of the newest values, ms. */
  ts: number
  /** Hub clock of the last message from the device itself, ms. */
  receivedAt: number
  /** Broker or device reported it offline; its next message ends that. */
  disconnected: boolean
  /** As last emitted to listeners. */
  emittedOnline: boolean
}

/** State before the first message is applied; `limit` in ms. */
export function firstSeen(entry: DeviceEntry, limit: number): LastSeen {
  return {
    device: entry.device,
    offlineAfter: limit,
    values: {},
    ts: entry.receivedAt,
    receivedAt: entry.receivedAt,
    disconnected: false,
    emittedOnline: false,
  }
}

/** The Last Will, or an offline status from the device itself; not a sign of life. */
export function isOfflineStatus(entry: DeviceEntry): boolean {
  return entry.kind === 'status' && entry.values.state === 'offline'
}

/** Applies one message of the device. */
export function applyMessage(seen: LastSeen, entry: DeviceEntry): void {
  if (isOfflineStatus(entry)) {
    seen.disconnected = true
    return
  }
  seen.disconnected = false
  seen.receivedAt = Math.max(seen.receivedAt, entry.receivedAt)
  // Journals of former versions contain times ahead of the hub's; one would hide every correct reading after it.
  if (entry.kind === 'telemetry' && (entry.quality !== 'future' || entry.ts <= entry.receivedAt))
    mergeValues(seen, entry)
}

/** A sparse reading keeps the other fields; a late one only adds fields that are not known yet. */
function mergeValues(seen: LastSeen, entry: DeviceEntry): void {
  const known = hasValues(seen)
  if (!known || entry.ts >= seen.ts) {
    Object.assign(seen.values, entry.values)
    seen.ts = entry.ts
    return
  }
  for (const [field, value] of Object.entries(entry.values)) {
    if (!(field in seen.values)) seen.values[field] = value
  }
}

function hasValues(seen: LastSeen): boolean {
  for (const _ in seen.values) return true
  return false
}

/** Online at `now` (hub clock, ms). */
export function isOnline(seen: LastSeen, now: number): boolean {
  return !seen.disconnected && now - seen.receivedAt < seen.offlineAfter
}

/** A copy for readers. */
export function readingOf(seen: LastSeen, now: number): LatestReading {
  const { device, ts, receivedAt, values } = seen
  return { device, ts, receivedAt, online: isOnline(seen, now), values: { ...values } }
}

/** From a saved reading. A device that was offline stays offline until its next message, whatever the reason was. */
export function fromSaved(saved: LatestReading, limit: number): LastSeen {
  const { device, ts, receivedAt, online, values } = saved
  return {
    device,
    offlineAfter: limit,
    values: { ...values },
    ts,
    receivedAt,
    disconnected: !online,
    emittedOnline: online,
  }
}
