/** A community of any size with devices of six types and their normal readings. */
import type { CommunityFileInput } from '../model/community-file.ts'
import type { FieldValues } from '../model/device-type.ts'
import { secretOf } from '../tests/support/whole-hub.ts'

export interface FleetDevice {
  readonly id: string
  readonly type: string
  readonly site: string
  readonly secret: string
  /** Payloads it sends in turn, without `ts` and `seq`. */
  readonly variants: readonly FieldValues[]
}

const site = 'garden'
const VARIANTS = 4
const FLATS_OF_A_BUILDING = 60
const LAMPS_OF_A_CIRCUIT = 30

/** Normal readings, the n-th of a device; fields as domain.md 2-6 lists them for each type. */
const normal: Readonly<Record<string, (n: number) => FieldValues>> = {
  elevator: (n) => ({
    carMode: 'normal',
    carDriveStatus: n % 2 ? 'rated-speed' : 'stationary',
    carMovingDirection: n % 2 ? 'up' : 'stopped',
    carPosition: n % 18,
    carDoorZone: n % 2 === 0,
    carDoorStatus: 'closed',
    passengerPresence: n % 2 === 1,
    passengerAlarm: false,
    carLoad: n % 2 ? 12.5 : 0,
    carSpeed: n % 2 ? 1.75 : 0,
    motorTemperature: 41.2 + (n % 7) / 10,
    tripCount: 100_012 + n,
    faultSignals: [],
    rssi: -61,
  }),
  streetlight: (n) => ({
    powerState: 'on',
    powerConsumption: 59.5 + (n % 10) / 10,
    voltage: 230.1 + (n % 5) / 10,
    current: 0.26,
    powerFactor: 0.97,
    activeEnergy: 1204.5 + n / 100,
    temperature: 24.5,
    rssi: -77,
  }),
  bin: (n) => ({ fillingLevel: 0.3 + (n % 20) / 100, temperature: 18.5, batteryLevel: 0.9, rssi: -80 }),
  door: (n) => ({ contact: n % 2 === 0, openCount: 400 + n, batteryLevel: 0.8, rssi: -71 }),
  motion: (n) => ({ occupancy: n % 2 === 0, illuminance: 40 + (n % 200), batteryLevel: 0.8, rssi: -70 }),
  cabinet: (n) => ({
    activePowerR: 2.4 + (n % 10) / 10,
    activePowerS: 2.2,
    activePowerT: 2.1,
    voltageR: 230.5,
    voltageS: 229.8,
    voltageT: 231.2,
    intensityR: 12.5,
    intensityS: 11.9,
    intensityT: 11.4,
    energyConsumed: 88_212.5 + n / 10,
  }),
}

export const fleetTypes: readonly string[] = Object.keys(normal)

/** The first `count` devices of a fixed sequence. */
export function fleet(count: number): FleetDevice[] {
  return Array.from({ length: count }, (_, n) => {
    const type = fleetTypes[n % fleetTypes.length] as string
    const id = `${type}-${n + 1}`
    const values = normal[type] as (n: number) => FieldValues
    const variants = Array.from({ length: VARIANTS }, (_, step) => values(n + step))
    return { id, type, site, secret: secretOf(id), variants }
  })
}

/** Devices with an SOS button, not part of the fleet. */
export function sosDevices(count: number): FleetDevice[] {
  return Array.from({ length: count }, (_, n) => {
    const id = `sos-${n + 1}`
    return { id, type: 'motion', site, secret: secretOf(id), variants: [] }
  })
}

export const dutyOfficer = 'duty'

/** A community file with these devices. */
export function communityOf(devices: readonly FleetDevice[]): CommunityFileInput {
  const homes = devices.filter(({ type }) => type === 'door' || type === 'motion').length
  const building = (n: number): string => `b${Math.floor(n / FLATS_OF_A_BUILDING) + 1}`
  const buildings = new Set(Array.from({ length: homes + 1 }, (_, n) => building(n)))
  return {
    sites: [{ id: site, name: 'Garden', timeZone: 'Asia/Shanghai', latitude: 31.2, longitude: 121.5 }],
    grids: [{ id: 'east', site, name: 'East grid' }],
    buildings: [...buildings].map((id) => ({ id, grid: 'east', name: `Building ${id.slice(1)}` })),
    homes: Array.from({ length: homes }, (_, n) => ({
      id: `home-${n + 1}`,
      building: building(n),
      name: `Flat ${n + 1}`,
    })),
    devices: devices.map(createPlacement()),
    staff: [{ login: dutyOfficer, name: 'Duty officer', role: 'duty-officer' }],
  }
}

type PlacedDevice = NonNullable<CommunityFileInput['devices']>[number]

/** Places lifts in a building, home sensors in one flat each, lamps on circuits. */
function createPlacement(): (device: FleetDevice, n: number) => PlacedDevice {
  let flat = 0
  return ({ id, type }, n): PlacedDevice => {
    const common = { id, type, site }
    switch (type) {
      case 'elevator':
        return { ...common, building: 'b1', meta: { floors: 18 } }
      case 'door':
        return { ...common, home: `home-${++flat}`, meta: { role: 'entrance' } }
      case 'motion':
        return { ...common, home: `home-${++flat}` }
      case 'streetlight': {
        const circuit = `c${Math.floor(n / LAMPS_OF_A_CIRCUIT / fleetTypes.length) + 1}`
        return { ...common, grid: 'east', circuit, meta: { powerRating: 60 } }
      }
      default:
        return { ...common, grid: 'east' }
    }
  }
}
