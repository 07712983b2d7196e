/** The community that rules are measured on: the invented one, made large, with a gateway in every building and grid. */
import type { CommunityFileInput } from '../model/community-file.ts'
import { type DemoSize, makeCommunity } from '../simulators/demo/community.ts'

/** Of one grid, in about the mix of a real district: per 100 devices 2 lifts, 34 lamps, 11 bins, 9 homes with their sensors. */
const grid: Pick<
  DemoSize,
  | 'buildingsPerGrid'
  | 'homesPerBuilding'
  | 'everyRoom'
  | 'circuitsPerGrid'
  | 'lampsPerCircuit'
  | 'binsPerGrid'
> = {
  buildingsPerGrid: 6,
  homesPerBuilding: 4,
  everyRoom: true,
  circuitsPerGrid: 8,
  lampsPerCircuit: 12,
  binsPerGrid: 30,
}

/** A community of at least so many devices, in whole grids; the same seed, the same community. */
export function scorecardCommunity(seed: string, devices: number): CommunityFileInput {
  const one = made(seed, 1)
  const grids = Math.ceil(devices / (one.devices?.length ?? 1))
  return peopledBy(seed, throughGateways(made(seed, grids)))
}

/** How people spend their days hangs on the id of their home: those of another community live another life. */
function peopledBy(seed: string, community: CommunityFileInput): CommunityFileInput {
  const named = (home: string): string => `${seed}-${home}`
  return {
    ...community,
    homes: community.homes?.map((home) => ({ ...home, id: named(home.id) })),
    residents: community.residents?.map((resident) => ({ ...resident, home: named(resident.home) })),
    devices: community.devices?.map((one) => (one.home ? { ...one, home: named(one.home) } : one)),
  }
}

function made(seed: string, grids: number): CommunityFileInput {
  const sites = grids < 2 ? 1 : 2
  return makeCommunity({ ...grid, seed, sites, gridsPerSite: Math.ceil(grids / sites) })
}

/** Sensors of homes speak through the box of their building, bins through that of their grid. */
function throughGateways(community: CommunityFileInput): CommunityFileInput {
  const devices = community.devices?.map((device) => {
    const through = device.home ? device.building : device.type === 'bin' ? device.grid : undefined
    return through === undefined ? device : { ...device, gateway: `${through}-gateway` }
  })
  return { ...community, devices }
}
