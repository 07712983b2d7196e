/** A passenger in a stopped car holds the alarm button, and gets out when the door opens. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { atLanding, leaving, occupied } from './car.ts'

export const alarmButton: Fault = {
  name: 'alarm-button',
  ref: 'E3',
  deviceTypes: ['elevator'],
  affects: 'device',
  // Shorter than the 180 s after which it would also be an entrapment at a floor.
  duration: [MINUTE, 2 * MINUTE],
  // 30 s, which excludes presses on a normal trip (domain.md E3).
  raiseWithin: 45 * SECOND,
  leadIn: 5 * SECOND,
  leadOut: 10 * SECOND,
  reportEvery: 5 * SECOND,
  alterTelemetry(values, { elapsed, span }) {
    const sinceEnd = elapsed - (span.to - span.from)
    if (sinceEnd >= 0) return { ...values, ...leaving(sinceEnd, 10 * SECOND) }
    const pressed = elapsed >= 0
    return {
      ...values,
      ...atLanding,
      ...occupied,
      passengerAlarm: pressed,
      ...(pressed && { carDoorStatus: 'closed' }),
    }
  },
}
