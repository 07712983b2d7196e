/** What a lift says in the situations of which faults are made. */
import type { FieldValues } from '../../../model/device-type.ts'
import { localTimeOf } from '../../local-time.ts'
import type { Subject } from '../../subject.ts'
import type { Span } from '../fault.ts'

export const still: FieldValues = { carDriveStatus: 'stationary', carMovingDirection: 'stopped', carSpeed: 0 }

/** At a floor, door open. */
export const landing: FieldValues = {
  ...still,
  carDoorZone: true,
  carDoorStatus: 'opened',
  levellingError: 1,
}

export const riding: FieldValues = {
  carDriveStatus: 'rated-speed',
  carMovingDirection: 'up',
  carSpeed: 1.6,
  carDoorZone: false,
  carDoorStatus: 'closed',
}

export const betweenFloors: FieldValues = {
  ...still,
  carDoorZone: false,
  carDoorStatus: 'closed',
  levellingError: 900,
}

export const people: FieldValues = { passengerPresence: true, carLoad: 14 }
export const nobody: FieldValues = { passengerPresence: false, carLoad: 0 }

/** People get in or out at a floor; the reading that ends it says that the car is empty. */
export function leaving(elapsed: number, within: number): FieldValues {
  return { ...landing, ...(elapsed < within / 2 ? people : nobody) }
}

const BUSY_FROM = 7
const BUSY_TO = 20

/** The lift is used often then, so that what shows on a trip shows soon. */
export function isBusy({ from, to }: Span, subject: Subject): boolean {
  const local = localTimeOf(subject.timeZone)
  const begin = local(from)
  const end = local(to)
  return begin.day === end.day && begin.hour >= BUSY_FROM && end.hour < BUSY_TO
}

export const isMoving = (values: FieldValues): boolean => values.carSpeed !== 0
export const isStopped = (values: FieldValues): boolean => values.carDoorZone === true && !isMoving(values)

/** A number field bent; whatever else there is stays. */
export function bent(values: FieldValues, name: string, bend: (value: number) => number): FieldValues {
  const value = values[name]
  return typeof value === 'number' ? { ...values, [name]: bend(value) } : values
}
