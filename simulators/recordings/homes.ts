/** Homes with binary sensors, recorded as activations with start and end. Shared by several formats. */
import type { CommunityFileInput } from '../../model/community-file.ts'
import type { DeviceRef, MessageLog } from './message-log.ts'
import { toName } from './names.ts'
import type { ProblemLog } from './problem-log.ts'
import type { SensorKind } from './sensor-kinds.ts'

export interface Activation {
  /** UTC, ms. */
  readonly start: number
  readonly end: number
  readonly place: string
}

export interface HomeSensor {
  readonly device: DeviceRef
  readonly kind: SensorKind
  readonly name: string
  readonly room?: string
  readonly activations: readonly Activation[]
}

export interface RecordedHome {
  readonly id: string
  readonly name: string
  readonly site: string
  readonly sensors: readonly HomeSensor[]
}

/** Adds all sensors of one home. They were installed together, so each exists from the first message of the home. */
export function addHome(log: MessageLog, { sensors }: RecordedHome, problems: ProblemLog): void {
  const starts = sensors.flatMap(({ activations }) => activations.map(({ start }) => start))
  const begin = starts.reduce((least, start) => Math.min(least, start), Number.POSITIVE_INFINITY)
  for (const sensor of sensors) {
    log.installedSince(sensor.device, begin)
    addActivations(log, sensor, problems)
  }
}

/**
 * Two messages per activation: open and closed for a contact (`contact` true = CLOSED), occupied and free for others.
 * Repeated and overlapping activations are reported and kept as recorded. Activations need not be in order.
 */
function addActivations(log: MessageLog, sensor: HomeSensor, problems: ProblemLog): void {
  const { device } = sensor
  let before: Activation | undefined
  let openings = 0
  for (const activation of sensor.activations.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const { start, end, place } = activation
    if (before?.start === start && before.end === end) problems.add('repeated-activation', place, sensor.name)
    else if (before && start < before.end) problems.add('overlapping-activation', place, sensor.name)
    openings++
    const states = sensor.kind.type === 'door' ? doorStates(openings, activation, before) : movementStates
    log.add({ at: start, device, channel: 'telemetry', values: states.active, place })
    log.add({ at: end, device, channel: 'telemetry', values: states.idle, place })
    before = activation
  }
}

const movementStates = { active: { occupancy: true }, idle: { occupancy: false } }

function doorStates(openCount: number, { start, end }: Activation, before: Activation | undefined) {
  return {
    active: { contact: false, openCount, lastOpenDuration: before && (before.end - before.start) / 1000 },
    idle: { contact: true, openCount, lastOpenDuration: (end - start) / 1000 },
  }
}

/** Each home becomes a building with one unnamed resident, because recordings contain no names. */
export function homesCommunity(
  sites: CommunityFileInput['sites'],
  homes: readonly RecordedHome[],
): CommunityFileInput {
  const used = sites.filter(({ id }) => homes.some(({ site }) => site === id))
  const gridOf = (site: string): string => `${site}-homes`
  return {
    sites: used,
    grids: used.map(({ id }) => ({ id: gridOf(id), site: id, name: { zh: '住宅', en: 'Homes' } })),
    buildings: homes.map(({ id, name, site }) => ({ id, grid: gridOf(site), name })),
    homes: homes.map(({ id, name }) => ({ id, building: id, name, persons: 1 })),
    devices: homes.flatMap((home) => home.sensors.map((sensor) => deviceOf(home, sensor))),
    residents: homes.map(({ id }) => ({ id: `resident-${id}`, home: id, name: `Resident of ${id}` })),
  }
}

function deviceOf(home: RecordedHome, { device, kind, name, room }: HomeSensor) {
  const meta: Record<string, string> = {}
  if (room !== undefined) meta.room = room.slice(0, 64)
  if (kind.role !== undefined) meta.role = kind.role
  return { ...device, home: home.id, place: toName(room === undefined ? name : `${room} ${name}`), meta }
}
