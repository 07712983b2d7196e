/** The devices of one grid of the demo community. */

import type { Random } from '../random.ts'
import type { DemoDevice, DemoGrid, DemoSize } from './grid.ts'
import { safetySensors } from './safety.ts'

const wasteKinds = ['organic', 'paper', 'plastic', 'other'] as const
const wasteNames: Readonly<Record<(typeof wasteKinds)[number], { zh: string; en: string }>> = {
  organic: { zh: '厨余桶', en: 'organic bin' },
  paper: { zh: '纸类桶', en: 'paper bin' },
  plastic: { zh: '塑料桶', en: 'plastic bin' },
  other: { zh: '其他垃圾桶', en: 'residual bin' },
}

/** All devices of a grid. The order of the calls fixes the random draws. */
export function gridDevices(grid: DemoGrid, size: DemoSize, random: Random): DemoDevice[] {
  return [
    ...lifts(grid, random),
    ...lights(grid, size, random),
    ...bins(grid, size, random),
    ...homeSensors(grid, size, random),
    ...safetySensors(grid),
  ]
}

function lifts(grid: DemoGrid, random: Random): DemoDevice[] {
  return grid.buildings.map(({ id, number }) => ({
    id: `${grid.site}-lift-${number}`,
    type: 'elevator',
    site: grid.site,
    grid: grid.id,
    building: id,
    place: { zh: '1 单元电梯', en: 'Unit 1 lift' },
    ...near(grid, random),
    meta: {
      ratedSpeed: 1.75,
      ratedLoad: 1000,
      floors: random.int(11, 18),
      motorPower: 11,
      registrationNo: `DEMO-${grid.site}-${number}`,
    },
  }))
}

function lights(grid: DemoGrid, size: DemoSize, random: Random): DemoDevice[] {
  return Array.from({ length: size.circuitsPerGrid }, (_, index) => index + 1).flatMap((circuit) => {
    const shared = { site: grid.site, grid: grid.id, circuit: `${grid.id}-c${circuit}` }
    const cabinet: DemoDevice = {
      ...shared,
      id: `${grid.id}-cabinet-${circuit}`,
      type: 'cabinet',
      place: { zh: `${circuit} 号路灯控制柜`, en: `lighting cabinet ${circuit}` },
      ...near(grid, random),
      meta: { lamps: size.lampsPerCircuit },
    }
    const lamps = Array.from({ length: size.lampsPerCircuit }, (_unused, at) => ({
      ...shared,
      id: `${grid.id}-lamp-${circuit}-${at + 1}`,
      type: 'streetlight',
      place: { zh: `${circuit} 号路 ${at + 1} 号灯`, en: `road ${circuit}, lamp ${at + 1}` },
      ...near(grid, random),
      meta: { powerRating: 60, lampPowerTolerance: 9, maxOperatingHours: 60_000 },
    }))
    return [cabinet, ...lamps]
  })
}

function bins(grid: DemoGrid, size: DemoSize, random: Random): DemoDevice[] {
  return Array.from({ length: size.binsPerGrid }, (_, index) => {
    const kind = wasteKinds[index % wasteKinds.length] ?? 'other'
    const place = Math.floor(index / wasteKinds.length) + 1
    const names = wasteNames[kind]
    return {
      id: `${grid.id}-bin-${index + 1}`,
      type: 'bin',
      site: grid.site,
      grid: grid.id,
      gateway: `${grid.id}-gateway`,
      place: { zh: `${place} 号投放点${names.zh}`, en: `drop-off point ${place}, ${names.en}` },
      ...near(grid, random),
      meta: {
        binCapacity: 240,
        binFullnessThreshold: 0.8,
        emptyDistance: 1260,
        collectionTimes: '06:00,18:00',
        storedWasteKind: kind,
      },
    }
  })
}

/** A door and a motion sensor in every home, a bed sensor in every third. */
function homeSensors(grid: DemoGrid, { everyRoom }: DemoSize, random: Random): DemoDevice[] {
  return grid.homes.flatMap(({ id, building, room }, index) => {
    const gateway = `${building}-gateway`
    const shared = { site: grid.site, grid: grid.id, building, home: id, gateway, ...near(grid, random) }
    const sensors: DemoDevice[] = [
      {
        ...shared,
        id: `${grid.site}-door-${room}`,
        type: 'door',
        place: { zh: '入户门', en: 'entrance door' },
        meta: { room: 'hall', role: 'entrance' },
      },
      {
        ...shared,
        id: `${grid.site}-motion-${room}`,
        type: 'motion',
        place: { zh: '客厅', en: 'living room' },
        meta: { room: 'living room', role: 'movement' },
      },
    ]
    const rooms = everyRoom
      ? roomSensors.map((one) => ({ ...shared, ...one, id: `${grid.site}-${one.id}-${room}` }))
      : []
    if (index % 3 !== 0 && !everyRoom) return sensors
    const bed: DemoDevice = {
      ...shared,
      id: `${grid.site}-bed-${room}`,
      type: 'motion',
      place: { zh: '床', en: 'bed' },
      meta: { room: 'bedroom', role: 'bed' },
    }
    return [...sensors, ...rooms, bed]
  })
}

const roomSensors = [
  {
    id: 'kitchen',
    type: 'motion',
    place: { zh: '厨房', en: 'kitchen' },
    meta: { room: 'kitchen', role: 'movement' },
  },
  {
    id: 'bathroom',
    type: 'motion',
    place: { zh: '卫生间', en: 'bathroom' },
    meta: { room: 'bathroom', role: 'movement' },
  },
]

/** A random place within about 200 m of the centre of the grid. */
function near({ latitude, longitude }: DemoGrid, random: Random): { latitude: number; longitude: number } {
  const around = (middle: number) => Math.round((middle + random.between(-0.001, 0.001)) * 1e5) / 1e5
  return { latitude: around(latitude), longitude: around(longitude) }
}
