/** The facts about a simulated device, from the community file. */
import type { CommunityFile } from '../model/community-file.ts'
import type { FieldValues } from '../model/device-type.ts'
import { deviceTypes } from '../model/devices/table.ts'

export interface Absence {
  readonly from: number
  readonly to: number
}

const none: readonly Absence[] = []

export interface Subject {
  readonly id: string
  readonly type: string
  readonly site: string
  readonly home: string | null
  readonly circuit: string | null
  readonly gateway: string | null
  readonly latitude: number
  readonly longitude: number
  readonly timeZone: string
  /** Planned absences of the resident of its home, ms. */
  readonly absences: readonly Absence[]
  readonly meta: FieldValues
}

/** The devices of a community whose type is known. */
export function subjectsOf(community: CommunityFile): Subject[] {
  const sites = new Map(community.sites.map((site) => [site.id, site]))
  const absences = absencesOf(community)
  return community.devices.flatMap((device) => {
    const site = sites.get(device.site)
    if (!site || !deviceTypes.has(device.type)) return []
    return [
      {
        id: device.id,
        type: device.type,
        site: device.site,
        home: device.home ?? null,
        circuit: device.circuit ?? null,
        gateway: device.gateway ?? null,
        latitude: device.latitude ?? site.latitude,
        longitude: device.longitude ?? site.longitude,
        timeZone: site.timeZone,
        absences: absences.get(device.home ?? '') ?? none,
        meta: device.meta,
      },
    ]
  })
}

/** By home id; simulated residents live alone. */
function absencesOf({ residents }: CommunityFile): ReadonlyMap<string, readonly Absence[]> {
  const away = residents.filter((resident) => resident.away.length > 0)
  return new Map(
    away.map((resident) => [
      resident.home,
      resident.away.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })),
    ]),
  )
}

/** A numeric static fact of the device, or the default `usual`. */
export function metaNumber(subject: Subject, name: string, usual: number): number {
  const value = subject.meta[name]
  return typeof value === 'number' ? value : usual
}
