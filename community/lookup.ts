/** Finds entries of a community file by id, and reports references that do not resolve. */
import type { CommunityFile } from '../model/community-file.ts'
import type { FileProblem, ListName, ReadableLists } from './lists.ts'

export interface Lookup {
  /** Undefined when there is none, or when it could not be read. */
  find<K extends ListName>(list: K, id: string | undefined): CommunityFile[K][number] | undefined
  /** One problem at `path` when `id` is given and no entry has it. */
  missing(list: ListName, id: string | undefined, path: readonly string[]): readonly FileProblem[]
}

const singular: Readonly<Record<ListName, string>> = {
  sites: 'site',
  grids: 'grid',
  buildings: 'building',
  homes: 'home',
  devices: 'device',
  residents: 'resident',
  crews: 'crew',
  staff: 'login',
  roster: 'duty',
}

/** Builds the map of a list at its first use. */
export function createLookup({ lists, unreadable }: ReadableLists): Lookup {
  const maps = new Map<ListName, Map<string, unknown>>()
  const mapOf = (list: ListName): Map<string, unknown> => {
    let map = maps.get(list)
    if (!map) {
      map = new Map()
      for (const { value } of lists[list]) map.set('id' in value ? value.id : value.login, value)
      maps.set(list, map)
    }
    return map
  }
  return {
    find<K extends ListName>(list: K, id: string | undefined) {
      // The map was filled from the same list.
      return id === undefined ? undefined : (mapOf(list).get(id) as CommunityFile[K][number] | undefined)
    },
    missing(list, id, path) {
      if (id === undefined || mapOf(list).has(id) || unreadable[list].has(id)) return []
      return [{ path, message: `no such ${singular[list]}: ${id}` }]
    },
  }
}
