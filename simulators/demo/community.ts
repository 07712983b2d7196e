/** A small fictional community for demonstrations and tests, reproducible by seed. No real people. */
import type { CommunityFileInput } from '../../model/community-file.ts'
import { createRandom } from '../random.ts'
import { gridDevices } from './devices.ts'
import { type DemoGrid, type DemoSite, type DemoSize, demoSize } from './grid.ts'
import { buildingName, crews, residentOf, staffOf } from './people.ts'

const siteNames = [
  { id: 'garden', zh: '花园社区', en: 'Garden Community', latitude: 31.231, longitude: 121.473 },
  { id: 'riverside', zh: '滨江社区', en: 'Riverside Community', latitude: 30.246, longitude: 120.21 },
]

/** The community file as input; `communityFile.parse` adds the defaults. */
export function makeCommunity(size: Partial<DemoSize> = {}): CommunityFileInput {
  const whole = { ...demoSize, ...size }
  const random = createRandom(`demo-community/${whole.seed}`)
  const sites = Array.from({ length: whole.sites }, (_, index) => siteAt(index))
  const grids = sites.flatMap((site) =>
    Array.from({ length: whole.gridsPerSite }, (_, index) => gridAt(site, index + 1, whole)),
  )
  const homes = grids.flatMap((grid) => grid.homes)
  return {
    sites,
    grids: grids.map(({ id, site }, index) => ({ id, site, name: gridName(index) })),
    buildings: grids.flatMap((grid) =>
      grid.buildings.map(({ id, number }) => ({
        id,
        grid: grid.id,
        name: buildingName(number),
        latitude: grid.latitude,
        longitude: grid.longitude,
      })),
    ),
    homes: homes.map(({ room: _, ...home }) => home),
    devices: grids.flatMap((grid) => gridDevices(grid, whole, random)),
    residents: homes.map(({ id, room }) => residentOf(id, room, random)),
    crews,
    staff: staffOf(grids.map((grid) => grid.id)),
  }
}

const gridName = (index: number) => ({ zh: `第 ${index + 1} 网格`, en: `Grid ${index + 1}` })

function siteAt(index: number): DemoSite {
  const named = siteNames[index]
  const { id, zh, en, latitude, longitude } = named ?? {
    id: `site-${index + 1}`,
    zh: `第 ${index + 1} 社区`,
    en: `Community ${index + 1}`,
    latitude: 31 + index / 50,
    longitude: 121,
  }
  return { id, name: { zh, en }, timeZone: 'Asia/Shanghai', latitude, longitude }
}

function gridAt(site: DemoSite, number: number, size: DemoSize): DemoGrid {
  const first = (number - 1) * size.buildingsPerGrid
  const buildings = Array.from({ length: size.buildingsPerGrid }, (_, index) => ({
    id: `${site.id}-b${first + index + 1}`,
    number: first + index + 1,
  }))
  const homes = buildings.flatMap((building) =>
    Array.from({ length: size.homesPerBuilding }, (_, index) => {
      const room = `${building.number}-${(index + 1) * 100 + 1}`
      return {
        id: `${site.id}-h${room}`,
        building: building.id,
        name: { zh: `${(index + 1) * 100 + 1} 室`, en: `Room ${(index + 1) * 100 + 1}` },
        persons: 1,
        room,
      }
    }),
  )
  return {
    id: `${site.id}-g${number}`,
    site: site.id,
    buildings,
    homes,
    latitude: site.latitude + number * 0.002,
    longitude: site.longitude + number * 0.002,
  }
}
