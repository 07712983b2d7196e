/** Problems of one device of the community file: its type, its place, its static facts. Pure. */
import type { CommunityFile } from '../model/community-file.ts'
import { type FieldProblem, fieldProblem } from '../model/device-type.ts'
import { deviceTypes } from '../model/devices/table.ts'
import type { FileProblem } from './lists.ts'
import type { Lookup } from './lookup.ts'

type FileDevice = CommunityFile['devices'][number]

const words: Readonly<Record<FieldProblem, string>> = {
  'wrong-type': 'has the wrong type',
  'out-of-range': 'is out of range',
  'not-a-number': 'is not a number',
  'unknown-word': 'is not one of the known words',
}

/** Problems of one device; paths start inside the device. */
export function deviceProblems(device: FileDevice, lookup: Lookup): FileProblem[] {
  return [
    ...lookup.missing('sites', device.site, ['site']),
    ...lookup.missing('grids', device.grid, ['grid']),
    ...lookup.missing('buildings', device.building, ['building']),
    ...lookup.missing('homes', device.home, ['home']),
    ...placeProblems(device, lookup),
    ...metaProblems(device),
  ]
}

/** Home, building, grid and site must lie within each other. */
function placeProblems(device: FileDevice, lookup: Lookup): FileProblem[] {
  const problems: FileProblem[] = []
  const home = lookup.find('homes', device.home)
  if (home && device.building !== undefined && home.building !== device.building) {
    problems.push({ path: ['building'], message: `home ${home.id} is in building ${home.building}` })
  }
  const building = lookup.find('buildings', home?.building ?? device.building)
  if (building && device.grid !== undefined && building.grid !== device.grid) {
    problems.push({ path: ['grid'], message: `building ${building.id} is in grid ${building.grid}` })
  }
  const grid = lookup.find('grids', building?.grid ?? device.grid)
  if (grid && grid.site !== device.site) {
    problems.push({ path: ['site'], message: `grid ${grid.id} is in site ${grid.site}` })
  }
  return problems
}

function metaProblems(device: FileDevice): FileProblem[] {
  const type = deviceTypes.get(device.type)
  if (!type) return [{ path: ['type'], message: `no such device type: ${device.type}` }]
  return Object.entries(device.meta).flatMap(([name, value]) => {
    const field = Object.hasOwn(type.meta, name) ? type.meta[name] : undefined
    if (!field) return [{ path: ['meta', name], message: `${type.type} has no such meta field` }]
    const problem = fieldProblem(field, value)
    return problem ? [{ path: ['meta', name], message: words[problem] }] : []
  })
}
