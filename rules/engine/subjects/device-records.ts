/** Records of devices: created from the directory, restored from snapshots. */
import type { Device } from '../../../model/ports/directory.ts'
import { restoreDevice } from '../snapshot/restore.ts'
import type { DeviceRecord } from '../types.ts'
import type { SubjectTable } from './subject-table.ts'

export const deviceKey = (id: string): string => `device:${id}`

/** Shared by all devices that reported no facts. */
const noFacts: DeviceRecord['reportedMeta'] = {}
const nothing: DeviceRecord['reported'] = []

/** Adds, updates and removes records as in the directory; memberships are set anew afterwards. */
export function syncRecords({ records, removedKeys, run }: SubjectTable, devices: readonly Device[]): void {
  const ids = new Set(devices.map(({ id }) => id))
  for (const id of records.keys()) {
    if (ids.has(id)) continue
    records.delete(id)
    removedKeys.add(deviceKey(id))
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

/** Devices with their reported static facts where the registry has none. */
export function withReportedMeta({ records }: SubjectTable, devices: readonly Device[]): readonly Device[] {
  return devices.map((device) => {
    const { reportedMeta = noFacts, meta = device.meta } = records.get(device.id) ?? {}
    return reportedMeta === noFacts ? device : { ...device, meta }
  })
}

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

/** `text`: its row; undefined = none. */
export function restoreRecord(record: DeviceRecord, text: string | undefined): void {
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
