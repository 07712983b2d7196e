/** `/devices`: the list, one device with its newest values, its history and its quarantined messages. */
import { z } from 'zod'
import type { Alert } from '../../../../model/alert.ts'
import {
  type DeviceDetail,
  type DeviceHistory,
  type DeviceSummary,
  devicesQuery,
  historyQuery,
} from '../../../../model/api.ts'
import type { Clock } from '../../../../model/clock.ts'
import type { DeviceType } from '../../../../model/device-type.ts'
import { deviceTypes } from '../../../../model/devices/table.ts'
import { LinliError } from '../../../../model/errors.ts'
import type { Device, Directory } from '../../../../model/ports/directory.ts'
import type { History } from '../../../../model/ports/history.ts'
import type { Journal, QuarantineItem } from '../../../../model/ports/journal.ts'
import type { Records } from '../../../../model/ports/records.ts'
import type { LatestReadings } from '../../deps.ts'
import { alertBands, bucketWidth, findGaps } from '../../history-view.ts'
import { type ApiApp, addQuery } from '../route-table.ts'
import {
  deviceDetailSchema,
  deviceHistorySchema,
  deviceSummarySchema,
  quarantinedSchema,
} from '../schemas.ts'
import { isAboutDevice } from './alerts.ts'

export interface DeviceRouteDeps {
  readonly records: Pick<Records, 'alerts'>
  readonly directory: () => Directory
  readonly registry: LatestReadings
  readonly history: Pick<History, 'query'>
  readonly journal: Pick<Journal, 'quarantined'>
  readonly clock: Clock
}

const tag = 'devices'
/** Longest span of a chart. */
const MAX_SPAN_MS = 800 * 24 * 3_600_000
const MAX_RAW_POINTS = 10_000
const MAX_BANDS = 500
const quarantineQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) })

export function addDeviceRoutes(app: ApiApp, deps: DeviceRouteDeps): void {
  addQuery(app, {
    tag,
    url: '/devices',
    summary: 'Devices with their online state and open alerts',
    access: 'device.read',
    query: devicesQuery,
    response: z.array(deviceSummarySchema),
    run: ({ query }) => listDevices(deps, query),
  })
  addQuery(app, {
    tag,
    url: '/devices/:id',
    summary: 'One device with its newest values and its open alerts',
    access: 'device.read',
    response: deviceDetailSchema,
    run: ({ id }) => deviceDetail(deps, id),
  })
  addQuery(app, {
    tag,
    url: '/devices/:id/history',
    summary: 'One field over time, with gaps and alert episodes',
    access: 'device.read',
    query: historyQuery,
    response: deviceHistorySchema,
    mayBeUnavailable: true,
    run: ({ id, query }) => deviceHistory(deps, id, query),
  })
  addQuery(app, {
    tag,
    url: '/devices/:id/quarantine',
    summary: 'The newest quarantined messages of the device, with the reason',
    access: 'console.read',
    query: quarantineQuery,
    response: z.array(quarantinedSchema),
    run: ({ id, query }) => quarantinedMessages(deps, id, query.limit),
  })
}

async function listDevices(
  deps: DeviceRouteDeps,
  query: z.output<typeof devicesQuery>,
): Promise<DeviceSummary[]> {
  const open = countByDevice(await deps.records.alerts.open())
  const wanted = deps
    .directory()
    .devices()
    .filter((device) => matches(device, query))
  return wanted.map((device) => {
    const latest = deps.registry.latest(device.id)
    return {
      id: device.id,
      type: device.type,
      site: device.site,
      place: device.place,
      online: latest?.online ?? false,
      lastSeenAt: latest?.receivedAt ?? null,
      openAlerts: open.get(device.id) ?? 0,
    }
  })
}

function matches(device: Device, query: z.output<typeof devicesQuery>): boolean {
  if (query.site !== undefined && device.site !== query.site) return false
  if (query.type !== undefined && device.type !== query.type) return false
  if (query.search === undefined) return true
  const sought = query.search.trim().toLowerCase()
  const texts = [device.id, device.place.zh, device.place.en, device.name?.zh, device.name?.en]
  return texts.some((text) => text?.toLowerCase().includes(sought))
}

function countByDevice(alerts: readonly Alert[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const alert of alerts) {
    for (const device of new Set([alert.device, ...alert.devices])) {
      counts.set(device, (counts.get(device) ?? 0) + 1)
    }
  }
  return counts
}

async function deviceDetail(deps: DeviceRouteDeps, id: string): Promise<DeviceDetail> {
  const device = requireDevice(deps.directory(), id)
  const alerts = (await deps.records.alerts.open()).filter((alert) => isAboutDevice(alert, id))
  return { device, latest: deps.registry.latest(id) ?? null, alerts }
}

async function deviceHistory(
  deps: DeviceRouteDeps,
  id: string,
  query: z.output<typeof historyQuery>,
): Promise<DeviceHistory> {
  const device = requireDevice(deps.directory(), id)
  const type = requireField(device, query.field)
  const { field, from, to } = query
  if (to <= from || to - from > MAX_SPAN_MS) {
    throw new LinliError('INVALID_INPUT', '`from` must be before `to`, and at most 800 days before it')
  }
  const bucket = bucketWidth(to - from, query.points)
  const width = bucket > 0 ? { bucket } : { limit: MAX_RAW_POINTS }
  const [points, alerts] = await Promise.all([
    deps.history.query({ device: id, type: device.type, field, from, to, ...width }),
    deps.records.alerts.find({ device: id, from, to, limit: MAX_BANDS }),
  ])
  const gaps = findGaps(points, {
    from,
    to: Math.min(to, deps.clock.now()),
    bucket,
    power: type.power,
  })
  return { field, from, to, bucket, points, gaps, bands: alertBands(alerts) }
}

function requireField(device: Device, field: string): DeviceType {
  const type = deviceTypes.get(device.type)
  if (type && Object.hasOwn(type.telemetry, field)) return type
  throw new LinliError('INVALID_INPUT', `a device of type ${device.type} has no field "${field}"`)
}

function requireDevice(directory: Directory, id: string): Device {
  const device = directory.device(id)
  if (!device) throw new LinliError('NOT_FOUND', 'no such device')
  return device
}

async function quarantinedMessages(
  { directory, journal }: DeviceRouteDeps,
  id: string,
  limit: number,
): Promise<z.output<typeof quarantinedSchema>[]> {
  const device = requireDevice(directory(), id)
  const items = await journal.quarantined({ device: device.id, limit })
  return items.map(quarantineRow)
}

function quarantineRow({ payload, ...rest }: QuarantineItem): z.output<typeof quarantinedSchema> {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  const { receivedAt, topic, device, reason, size } = rest
  return {
    receivedAt,
    topic,
    device,
    reason,
    size,
    text: bytes.toString('utf8'),
    base64: bytes.toString('base64'),
  }
}
