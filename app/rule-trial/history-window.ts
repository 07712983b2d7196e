/** What the history keeps of the time before the journal: measured values, as if each had come in time. */

import type { FieldValue } from '../../model/device-type.ts'
import type { DeviceEntry, Journaled } from '../../model/entry.ts'
import type { Device } from '../../model/ports/directory.ts'
import type { HistoryPoint, HistoryQuery } from '../../model/ports/history.ts'

export interface HistoryWindow {
  readonly devices: readonly Device[]
  /** Fields that the rules read, by device type. */
  readonly fields: ReadonlyMap<string, readonly string[]>
  /** ms. */
  readonly from: number
  readonly to: number
  /** null = the history gives no answer. */
  ask(query: HistoryQuery): Promise<readonly HistoryPoint[] | null>
}

/** A day at a time, so that a month of many devices is never in memory at once. */
const stepMs = 86_400_000
/** A value every 4 s; of a device that tells more often the newest of a day are taken. */
const perDay = 21_600

/** Entries in the order of time, a list for each day that has any. */
export async function* historyEntries(part: HistoryWindow): AsyncGenerator<Journaled<DeviceEntry>[]> {
  for (let from = part.from; from < part.to; from += stepMs) {
    const span = { from, to: Math.min(from + stepMs, part.to) }
    const day: Journaled<DeviceEntry>[] = []
    for (const device of part.devices) day.push(...(await readingsOf(device, part, span)))
    if (day.length > 0) yield day.sort((a, b) => a.ts - b.ts)
  }
}

async function readingsOf(
  device: Device,
  { fields, ask }: HistoryWindow,
  span: { readonly from: number; readonly to: number },
): Promise<Journaled<DeviceEntry>[]> {
  const values = new Map<number, Record<string, FieldValue>>()
  for (const field of fields.get(device.type) ?? []) {
    const { id, type } = device
    for (const { at, value } of (await ask({ device: id, type, field, ...span, limit: perDay })) ?? []) {
      const told = values.get(at) ?? {}
      told[field] = value
      values.set(at, told)
    }
  }
  return [...values].map(([ts, told]) => ({
    kind: 'telemetry',
    site: device.site,
    type: device.type,
    device: device.id,
    receivedAt: ts,
    ts,
    quality: 'live',
    values: told,
    seq: 0,
  }))
}
