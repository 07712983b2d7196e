/** Who and what is where, as other rooms ask for it; built by community/ from the community file. */
import type { FieldValues } from '../device-type.ts'
import type { Text } from '../text.ts'

export interface Device {
  readonly id: string
  readonly type: string
  readonly site: string
  readonly grid: string | null
  readonly building: string | null
  readonly home: string | null
  /** Electrical circuit of a lamp; what it shares with its neighbours when the feeder dies. */
  readonly circuit: string | null
  readonly gateway: string | null
  readonly name: Text | null
  /** For people: building, unit, room. */
  readonly place: Text
  readonly latitude: number | null
  readonly longitude: number | null
  readonly meta: FieldValues
}

/** A known absence of all residents of a home, ms; the reason stays in the community file. */
export interface HomeAbsence {
  readonly from: number
  readonly to: number
}

export interface Home {
  readonly id: string
  readonly site: string
  readonly persons: number
  /** A resident's file asks for the shorter welfare limit (24 h instead of 48 h). */
  readonly fragile: boolean
  /** When all residents are away by their calendars; in order, without overlap. */
  readonly away: readonly HomeAbsence[]
  readonly devices: readonly Device[]
}

export interface Site {
  readonly id: string
  readonly name: Text
  /** IANA name, e.g. `Asia/Shanghai`. */
  readonly timeZone: string
  readonly latitude: number
  readonly longitude: number
}

export interface Grid {
  readonly id: string
  readonly site: string
  readonly name: Text
}

export interface Crew {
  readonly id: string
  readonly name: Text
  readonly site: string | null
  /** Device types it repairs; empty = all. */
  readonly deviceTypes: readonly string[]
}

export interface Directory {
  device(id: string): Device | undefined
  home(id: string): Home | undefined
  site(id: string): Site | undefined
  crew(id: string): Crew | undefined
  devices(): readonly Device[]
  sites(): readonly Site[]
  grids(): readonly Grid[]
  crews(): readonly Crew[]
}
