/** Problems of a community file beyond single entries: duplicate ids, unresolved references, contradictions. Pure. */
import type { CommunityFile } from '../model/community-file.ts'
import { deviceTypes } from '../model/devices/table.ts'
import type { YamlPath } from '../model/yaml.ts'
import { deviceProblems } from './device-problems.ts'
import { type FileProblem, type ListName, listNames, type ReadableLists } from './lists.ts'
import { createLookup, type Lookup } from './lookup.ts'

type Entry<K extends ListName> = CommunityFile[K][number]
/** Checks one entry; the paths of its problems start inside the entry. */
type Check<K extends ListName> = (entry: Entry<K>, lookup: Lookup) => readonly FileProblem[]

/** One check for each list; lists without references have none. */
const checks: { readonly [K in ListName]?: Check<K> } = {
  grids: (grid, lookup) => lookup.missing('sites', grid.site, ['site']),
  buildings: (building, lookup) => [
    ...lookup.missing('grids', building.grid, ['grid']),
    ...coordinateProblems(building),
  ],
  homes: (home, lookup) => lookup.missing('buildings', home.building, ['building']),
  devices: (device, lookup) => [...deviceProblems(device, lookup), ...coordinateProblems(device)],
  residents: (resident, lookup) => [
    ...lookup.missing('homes', resident.home, ['home']),
    ...resident.away.flatMap((span, at) => orderProblems(span, ['away', at])),
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
    ...roleProblems(person),
  ],
  roster: (duty, lookup) => [...lookup.missing('staff', duty.login, ['login']), ...orderProblems(duty, [])],
}

/** All problems beyond the shape of single entries, list by list. */
export function communityProblems(readable: ReadableLists): FileProblem[] {
  const lookup = createLookup(readable)
  return listNames.flatMap((name) => [...duplicateIds(readable, name), ...problemsOf(readable, name, lookup)])
}

function problemsOf<K extends ListName>(readable: ReadableLists, name: K, lookup: Lookup): FileProblem[] {
  const check: Check<K> | undefined = checks[name]
  if (!check) return []
  return readable.lists[name].flatMap(({ at, value }) =>
    check(value, lookup).map((problem) => ({ ...problem, path: [name, at, ...problem.path] })),
  )
}

/** Every entry whose id (login) an earlier entry uses. */
function duplicateIds(readable: ReadableLists, name: ListName): FileProblem[] {
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

function orderProblems(
  { from, to }: { readonly from: string; readonly to: string },
  path: YamlPath,
): FileProblem[] {
  return Date.parse(from) < Date.parse(to)
    ? []
    : [{ path: [...path, 'to'], message: 'ends before it begins' }]
}

/** A crew member needs a crew and a grid worker a grid; other roles may have neither. */
function roleProblems(person: Entry<'staff'>): FileProblem[] {
  const roleOf = { crew: 'crew', grid: 'grid-worker' } as const
  return (['crew', 'grid'] as const).flatMap((key) => {
    const needed = person.role === roleOf[key]
    if (needed && person[key] === undefined)
      return [{ path: ['role'], message: `role ${person.role} needs a ${key}` }]
    if (!needed && person[key] !== undefined)
      return [{ path: [key], message: `role ${person.role} has no ${key}` }]
    return []
  })
}

function coordinateProblems(place: {
  readonly latitude?: number
  readonly longitude?: number
}): FileProblem[] {
  if ((place.latitude === undefined) === (place.longitude === undefined)) return []
  const [given, absent] = place.latitude === undefined ? ['longitude', 'latitude'] : ['latitude', 'longitude']
  return [{ path: [given], message: `needs ${absent} too` }]
}
