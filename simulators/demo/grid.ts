/** Size and building blocks of the demo community. */
import type { CommunityFileInput } from '../../model/community-file.ts'

export interface DemoSize {
  readonly seed: string
  readonly sites: number
  readonly gridsPerSite: number
  readonly buildingsPerGrid: number
  /** Homes with sensors. */
  readonly homesPerBuilding: number
  /** Sensors in kitchen, bathroom and bed of every home instead of only some. */
  readonly everyRoom: boolean
  readonly circuitsPerGrid: number
  readonly lampsPerCircuit: number
  readonly binsPerGrid: number
}

/** 2 sites, 4 grids, 200 devices. */
export const demoSize: DemoSize = {
  seed: 'demo',
  sites: 2,
  gridsPerSite: 2,
  buildingsPerGrid: 3,
  homesPerBuilding: 3,
  everyRoom: false,
  circuitsPerGrid: 2,
  lampsPerCircuit: 8,
  binsPerGrid: 8,
}

type Part = Required<CommunityFileInput>
export type DemoSite = Part['sites'][number]
export type DemoDevice = Part['devices'][number]
type DemoHome = Part['homes'][number]

export interface DemoGrid {
  readonly id: string
  readonly site: string
  readonly buildings: readonly { readonly id: string; readonly number: number }[]
  readonly homes: readonly (DemoHome & { readonly room: string })[]
  readonly latitude: number
  readonly longitude: number
}
