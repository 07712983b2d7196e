/** The directory that other rooms query; built from a checked community file. It contains no names or phones of residents. */
import type { CommunityFile } from '../model/community-file.ts'
import type { Device, Directory, Home } from '../model/ports/directory.ts'
import { homeAbsences } from './absences.ts'
import { placeText } from './place.ts'

type FileDevice = CommunityFile['devices'][number]

/** The file must have passed `readCommunity`, so every reference resolves. */
export function buildDirectory(file: CommunityFile): Directory {
  const places = placesOf(file)
  const devices = file.devices.map((device) => buildDevice(device, places))
  const homes = buildHomes(file, places, devices)
  const crews = file.crews.map(({ id, name, site, deviceTypes }) => ({
    id,
    name,
    site: site ?? null,
    deviceTypes,
  }))
  const deviceById = byId(devices)
  const homeById = byId(homes)
  const crewById = byId(crews)
  return {
    device: (id) => deviceById.get(id),
    home: (id) => homeById.get(id),
    site: (id) => places.sites.get(id),
    crew: (id) => crewById.get(id),
    devices: () => devices,
    sites: () => file.sites,
    grids: () => file.grids,
    crews: () => crews,
  }
}

function placesOf(file: CommunityFile) {
  return {
    sites: byId(file.sites),
    grids: byId(file.grids),
    buildings: byId(file.buildings),
    homes: byId(file.homes),
  }
}
type Places = ReturnType<typeof placesOf>

/** Places missing in the file follow from the narrower one: a home's building, a building's grid. */
function buildDevice(device: FileDevice, places: Places): Device {
  const home = device.home === undefined ? undefined : places.homes.get(device.home)
  const building = places.buildings.get(device.building ?? home?.building ?? '')
  const grid = places.grids.get(device.grid ?? building?.grid ?? '')
  const site = must(places.sites.get(device.site), device.site)
  const located = device.latitude === undefined ? building : device
  return {
    id: device.id,
    type: device.type,
    site: device.site,
    grid: grid?.id ?? null,
    building: building?.id ?? null,
    home: home?.id ?? null,
    circuit: device.circuit ?? null,
    gateway: device.gateway ?? null,
    name: device.name ?? null,
    place: placeText({
      site: site.name,
      grid: grid?.name,
      building: building?.name,
      home: home?.name,
      spot: device.place ?? device.name,
    }),
    latitude: located?.latitude ?? null,
    longitude: located?.longitude ?? null,
    meta: device.meta,
  }
}

function buildHomes(file: CommunityFile, places: Places, devices: readonly Device[]): Home[] {
  const fragile = new Set(file.residents.filter((resident) => resident.fragile).map(({ home }) => home))
  const residentsOf = Map.groupBy(file.residents, (resident) => resident.home)
  const devicesOf = Map.groupBy(devices, (device) => device.home)
  return file.homes.map((home) => {
    const building = must(places.buildings.get(home.building), home.building)
    return {
      id: home.id,
      site: must(places.grids.get(building.grid), building.grid).site,
      persons: home.persons,
      fragile: fragile.has(home.id),
      away: homeAbsences((residentsOf.get(home.id) ?? []).map(({ away }) => away)),
      devices: devicesOf.get(home.id) ?? [],
    }
  })
}

function byId<T extends { readonly id: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((item) => [item.id, item]))
}

function must<T>(value: T | undefined, id: string): T {
  if (value === undefined) throw new Error(`the community file was not checked: no ${id}`)
  return value
}

/** A directory whose file can be replaced; references to the directory itself stay valid. */
export interface LiveDirectory extends Directory {
  /** The file behind it, with residents: only for users who may see them. */
  file(): CommunityFile
  /** Replaces the running file by another checked one. */
  replace(next: CommunityFile): void
}

export function createLiveDirectory(first: CommunityFile): LiveDirectory {
  let file = first
  let directory = buildDirectory(first)
  return {
    device: (id) => directory.device(id),
    home: (id) => directory.home(id),
    site: (id) => directory.site(id),
    crew: (id) => directory.crew(id),
    devices: () => directory.devices(),
    sites: () => directory.sites(),
    grids: () => directory.grids(),
    crews: () => directory.crews(),
    file: () => file,
    replace(next) {
      directory = buildDirectory(next)
      file = next
    },
  }
}
