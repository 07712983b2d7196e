/** Telemetry of a lift car in the situations that faults consist of. */
import type { FieldValues } from '../../../model/device-type.ts'
import { localTimeOf } from '../../local-time.ts'
import type { Subject } from '../../subject.ts'
import type { Span } from '../fault.ts'

export const stationary: FieldValues = {
  carDriveStatus: 'stationary',
  carMovingDirection: 'stopped',
  carSpeed: 0,
}

/** At a floor, door open. */
export const atLanding: FieldValues = {
  ...stationary,
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
  ...stationary,
  carDoorZone: false,
  carDoorStatus: 'closed',
  levellingError: 900,
}

export const occupied: FieldValues = { passengerPresence: true, carLoad: 14 }
export const empty: FieldValues = { passengerPresence: false, carLoad: 0 }

/** People get out at a floor: occupied in the first half of `within` (ms), then empty. */
export function leaving(elapsed: number, within: number): FieldValues {
  return { ...atLanding, ...(elapsed < within / 2 ? occupied : empty) }
}

const BUSY_FROM = 7
const BUSY_TO = 20

/** True when the lift is used often, so that a fault that shows on trips shows soon. */
export function isBusy({ from, to }: Span, subject: Subject): boolean {
  const local = localTimeOf(subject.timeZone)
  const begin = local(from)
  const end = local(to)
  return begin.day === end.day && begin.hour >= BUSY_FROM && end.hour < BUSY_TO
}

/** True while the car moves. */
export const isMoving = (values: FieldValues): boolean => values.carSpeed !== 0
/** True while the car stands at a floor. */
export const isStopped = (values: FieldValues): boolean => values.carDoorZone === true && !isMoving(values)

/** Applies `change` to one numeric field; anything else is unchanged. */
export function withNumber(
  values: FieldValues,
  name: string,
  change: (value: number) => number,
): FieldValues {
  const value = values[name]
  return typeof value === 'number' ? { ...values, [name]: change(value) } : values
}
