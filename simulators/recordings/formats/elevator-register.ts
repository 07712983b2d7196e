/** The lifts of the outage recording and their stations. */
import type { CommunityFileInput } from '../../../model/community-file.ts'
import { readTable } from '../delimited.ts'
import type { DeviceRef } from '../message-log.ts'
import { createIds, toName } from '../names.ts'
import type { ProblemLog } from '../problem-log.ts'

const columns = ['station', 'mta_id', 'location'] as const

export interface Lift {
  readonly device: DeviceRef
  readonly original: string
  /** Undefined when the register does not list the lift. */
  readonly station: string | undefined
  readonly location: string
}

const site = {
  id: 'new-york',
  name: { zh: '纽约', en: 'New York' },
  timeZone: 'America/New_York',
  latitude: 40.71,
  longitude: -74.01,
}
const grid = { id: 'subway', site: site.id, name: { zh: '地铁', en: 'Subway' } }

/** Reads the register; an unlisted lift is accepted and reported once. @throws LinliError as `readTable` */
export async function readLifts(file: string, problems: ProblemLog) {
  const idOf = createIds()
  const known = new Map<string, Lift>()
  const add = (original: string, station: string | undefined, location: string): Lift => {
    const lift = {
      device: { id: idOf(original), type: 'elevator', site: site.id },
      original,
      station,
      location,
    }
    known.set(original, lift)
    return lift
  }
  for await (const row of readTable(file, { columns, problems })) {
    if (row.mta_id === '') problems.add('no-lift', row.place, row.station)
    else if (known.has(row.mta_id)) problems.add('repeated-lift', row.place, row.mta_id)
    else add(row.mta_id, row.station || undefined, row.location)
  }
  return {
    of(original: string, place: string): Lift {
      const lift = known.get(original)
      if (lift) return lift
      problems.add('unlisted-lift', place, original)
      return add(original, undefined, '')
    },
    all: (): Lift[] => [...known.values()],
  }
}

/** Stations are buildings. */
export function liftsCommunity(lifts: readonly Lift[]): CommunityFileInput {
  const idOf = createIds()
  const stations = new Set(lifts.flatMap(({ station }) => (station === undefined ? [] : [station])))
  return {
    sites: [site],
    grids: [grid],
    buildings: [...stations].map((station) => ({ id: idOf(station), grid: grid.id, name: toName(station) })),
    devices: lifts.map(({ device, original, station, location }) => ({
      ...device,
      ...(station === undefined ? { grid: grid.id } : { building: idOf(station) }),
      name: toName(original),
      place: toName(location || original),
    })),
  }
}
