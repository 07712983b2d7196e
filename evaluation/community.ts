/** The simulated community that rules are evaluated on: the demo community, enlarged, with a gateway per building and grid. */
import type { CommunityFileInput } from '../model/community-file.ts'
import { makeCommunity } from '../simulators/demo/community.ts'
import type { DemoSize } from '../simulators/demo/grid.ts'

/** Size of one grid, about the mix of a real district: per 100 devices 2 lifts, 34 lamps, 11 bins, 9 homes with sensors. */
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

/** A community of at least `devices` devices, in whole grids. The same seed gives the same community. */
export function scorecardCommunity(seed: string, devices: number): CommunityFileInput {
  const one = communityOf(seed, 1)
  const grids = Math.ceil(devices / (one.devices?.length ?? 1))
  return withOwnHomes(seed, withGateways(communityOf(seed, grids)))
}

/** Daily routines are derived from the home id, so ids contain the seed: each community gets residents of its own. */
function withOwnHomes(seed: string, community: CommunityFileInput): CommunityFileInput {
  const homeId = (home: string): string => `${seed}-${home}`
  return {
    ...community,
    homes: community.homes?.map((home) => ({ ...home, id: homeId(home.id) })),
    residents: community.residents?.map((resident) => ({ ...resident, home: homeId(resident.home) })),
    devices: community.devices?.map((one) => (one.home ? { ...one, home: homeId(one.home) } : one)),
  }
}

function communityOf(seed: string, grids: number): CommunityFileInput {
  const sites = grids < 2 ? 1 : 2
  return makeCommunity({ ...grid, seed, sites, gridsPerSite: Math.ceil(grids / sites) })
}

/** Home sensors connect through the gateway of their building, bins through that of their grid. */
function withGateways(community: CommunityFileInput): CommunityFileInput {
  const devices = community.devices?.map((device) => {
    const place = device.home ? device.building : device.type === 'bin' ? device.grid : undefined
    return place === undefined ? device : { ...device, gateway: `${place}-gateway` }
  })
  return { ...community, devices }
}
