/** What a community file says that cannot be: doubled ids, references to nothing, contradictions. Pure. */
import type { CommunityFile } from '../model/community-file.ts'
import { deviceTypes } from '../model/devices/table.ts'
import type { YamlPath } from '../model/yaml.ts'
import { deviceFaults } from './device-faults.ts'
import { type ListName, listNames, type ReadableLists } from './lists.ts'
import { createLookup, type Lookup } from './lookup.ts'

export interface Fault {
  /** From the root of the file, e.g. `['homes', 3, 'building']`. */
  readonly path: YamlPath
  readonly message: string
}

type Entry<K extends ListName> = CommunityFile[K][number]
/** Judges one entry; the paths of its faults start inside the entry. */
type Check<K extends ListName> = (entry: Entry<K>, lookup: Lookup) => readonly Fault[]

/** One check a list; what a list is not named here for has no references. */
const checks: { readonly [K in ListName]?: Check<K> } = {
  grids: (grid, lookup) => lookup.missing('sites', grid.site, ['site']),
  buildings: (building, lookup) => [
    ...lookup.missing('grids', building.grid, ['grid']),
    ...coordinateFaults(building),
  ],
  homes: (home, lookup) => lookup.missing('buildings', home.building, ['building']),
  devices: (device, lookup) => [...deviceFaults(device, lookup), ...coordinateFaults(device)],
  residents: (resident, lookup) => [
    ...lookup.missing('homes', resident.home, ['home']),
    ...resident.away.flatMap((span, at) => orderFaults(span, ['away', at])),
  ],
  crews: (crew, lookup) => [
    ...lookup.missing('sites', crew.site, ['site']),
    ...crew.deviceTypes.flatMap((type, at) =>
      deviceTypes.has(type) ? [] : [{ path: ['deviceTypes', at], message: `no such device type: ${type}` }],
    ),
  ],
  staff: (person, lookup) => [
    ...lookup.missing('crews', person.crew, ['crew']),
    ...lookup.missing('grids', person.grid, ['grid']),
    ...roleFaults(person),
  ],
  roster: (duty, lookup) => [...lookup.missing('staff', duty.login, ['login']), ...orderFaults(duty, [])],
}

/** All faults beyond the shape of single entries, list by list. */
export function communityFaults(readable: ReadableLists): Fault[] {
  const lookup = createLookup(readable)
  return listNames.flatMap((name) => [...doubled(readable, name), ...faultsOf(readable, name, lookup)])
}

function faultsOf<K extends ListName>(readable: ReadableLists, name: K, lookup: Lookup): Fault[] {
  const check: Check<K> | undefined = checks[name]
  if (!check) return []
  return readable.lists[name].flatMap(({ at, value }) =>
    check(value, lookup).map((fault) => ({ ...fault, path: [name, at, ...fault.path] })),
  )
}

/** Every entry whose id (login) an earlier one has. */
function doubled(readable: ReadableLists, name: ListName): Fault[] {
  const seen = new Map<string, number>()
  return readable.lists[name].flatMap(({ at, value }) => {
    const key = 'id' in value ? 'id' : 'role' in value ? 'login' : undefined
    if (key === undefined) return []
    const id = (value as Readonly<Record<string, unknown>>)[key] as string
    const first = seen.get(id)
    if (first === undefined) {
      seen.set(id, at)
      return []
    }
    return [{ path: [name, at, key], message: `${id} is taken by ${name}[${first}]` }]
  })
}

function orderFaults({ from, to }: { readonly from: string; readonly to: string }, path: YamlPath): Fault[] {
  return Date.parse(from) < Date.parse(to)
    ? []
    : [{ path: [...path, 'to'], message: 'ends before it begins' }]
}

/** A crew member works in a crew and a grid worker in a grid; nobody else may be tied to one. */
function roleFaults(person: Entry<'staff'>): Fault[] {
  const tied = { crew: 'crew', grid: 'grid-worker' } as const
  return (['crew', 'grid'] as const).flatMap((key) => {
    const needed = person.role === tied[key]
    if (needed && person[key] === undefined)
      return [{ path: ['role'], message: `role ${person.role} needs a ${key}` }]
    if (!needed && person[key] !== undefined)
      return [{ path: [key], message: `role ${person.role} has no ${key}` }]
    return []
  })
}

function coordinateFaults(place: { readonly latitude?: number; readonly longitude?: number }): Fault[] {
  if ((place.latitude === undefined) === (place.longitude === undefined)) return []
  const [given, absent] = place.latitude === undefined ? ['longitude', 'latitude'] : ['latitude', 'longitude']
  return [{ path: [given], message: `needs ${absent} too` }]
}
