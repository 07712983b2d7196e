/** Devices, homes and sites of a trial: plain data for its thread, and a directory there. */
import { deviceTypes } from '../../model/devices/table.ts'
import type { Device, Directory, Home, Site } from '../../model/ports/directory.ts'
import type { TrialPlaces } from './protocol.ts'

/** Devices of these types, with their homes and sites. `*` = all types. */
export function placesOf(directory: Directory, types: readonly string[]): TrialPlaces {
  const wanted = new Set(types.includes('*') ? deviceTypes.keys() : types)
  const devices = directory.devices().filter(({ type }) => wanted.has(type))
  const known = <T>(ids: readonly (string | null)[], find: (id: string) => T | undefined): T[] =>
    [...new Set(ids)].flatMap((id) => (id === null ? [] : (find(id) ?? [])))
  return {
    devices,
    homes: known<Home>(
      devices.map(({ home }) => home),
      directory.home,
    ),
    sites: known<Site>(
      devices.map(({ site }) => site),
      directory.site,
    ),
  }
}

export function directoryOf({ devices, homes, sites }: TrialPlaces): Directory {
  const byId = <T extends { readonly id: string }>(list: readonly T[]) =>
    new Map(list.map((one) => [one.id, one]))
  const [deviceOf, homeOf, siteOf] = [byId<Device>(devices), byId<Home>(homes), byId<Site>(sites)]
  return {
    device: (id) => deviceOf.get(id),
    home: (id) => homeOf.get(id),
    site: (id) => siteOf.get(id),
    crew: () => undefined,
    devices: () => devices,
    sites: () => sites,
    grids: () => [],
    crews: () => [],
  }
}
