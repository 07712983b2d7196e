/** A car that leaves the landing with its door open. */
import { SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

export const movingDoorOpen: Fault = {
  name: 'moving-door-open',
  ref: 'E5',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [20 * SECOND, 60 * SECOND],
  // Two samples or 3 s (domain.md E5).
  raiseWithin: 10 * SECOND,
  reportEvery: 2 * SECOND,
  alterTelemetry: (values) => ({
    ...values,
    carDriveStatus: 'rated-speed',
    carMovingDirection: 'down',
    carSpeed: -1.2,
    carDoorZone: false,
    carDoorStatus: 'opened',
  }),
}
