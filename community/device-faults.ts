/** Faults of one device of the community file: its type, its place, its static facts. Pure. */
import type { CommunityFile } from '../model/community-file.ts'
import { type FieldFault, fieldFault } from '../model/device-type.ts'
import { deviceTypes } from '../model/devices/table.ts'
import type { Fault } from './faults.ts'
import type { Lookup } from './lookup.ts'

type FileDevice = CommunityFile['devices'][number]

const words: Readonly<Record<FieldFault, string>> = {
  'wrong-type': 'has the wrong type',
  'out-of-range': 'is out of range',
  'not-a-number': 'is not a number',
  'unknown-word': 'is not one of the known words',
}

/** Paths start inside the device. */
export function deviceFaults(device: FileDevice, lookup: Lookup): Fault[] {
  return [
    ...lookup.missing('sites', device.site, ['site']),
    ...lookup.missing('grids', device.grid, ['grid']),
    ...lookup.missing('buildings', device.building, ['building']),
    ...lookup.missing('homes', device.home, ['home']),
    ...placeFaults(device, lookup),
    ...metaFaults(device),
  ]
}

/** Home, building, grid and site must lie within each other. */
function placeFaults(device: FileDevice, lookup: Lookup): Fault[] {
  const faults: Fault[] = []
  const home = lookup.find('homes', device.home)
  if (home && device.building !== undefined && home.building !== device.building) {
    faults.push({ path: ['building'], message: `home ${home.id} is in building ${home.building}` })
  }
  const building = lookup.find('buildings', home?.building ?? device.building)
  if (building && device.grid !== undefined && building.grid !== device.grid) {
    faults.push({ path: ['grid'], message: `building ${building.id} is in grid ${building.grid}` })
  }
  const grid = lookup.find('grids', building?.grid ?? device.grid)
  if (grid && grid.site !== device.site) {
    faults.push({ path: ['site'], message: `grid ${grid.id} is in site ${grid.site}` })
  }
  return faults
}

function metaFaults(device: FileDevice): Fault[] {
  const type = deviceTypes.get(device.type)
  if (!type) return [{ path: ['type'], message: `no such device type: ${device.type}` }]
  return Object.entries(device.meta).flatMap(([name, value]) => {
    const field = Object.hasOwn(type.meta, name) ? type.meta[name] : undefined
    if (!field) return [{ path: ['meta', name], message: `${type.type} has no such meta field` }]
    const fault = fieldFault(field, value)
    return fault ? [{ path: ['meta', name], message: words[fault] }] : []
  })
}
