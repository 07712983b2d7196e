/** Somebody in a standing car holds the alarm button down, and gets out when the door opens at last. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { landing, leaving, people } from './car.ts'

export const alarmButton: Fault = {
  name: 'alarm-button',
  ref: 'E3',
  deviceTypes: ['elevator'],
  reach: 'device',
  // Shorter than the 180 s after which it would be an entrapment at a floor as well.
  lasts: [MINUTE, 2 * MINUTE],
  // A hold of 30 s passes the filter for presses on a normal trip (domain.md E3).
  raisedWithin: 45 * SECOND,
  lead: 5 * SECOND,
  tail: 10 * SECOND,
  every: 5 * SECOND,
  shape(values, { elapsed, span }) {
    const over = elapsed - (span.to - span.from)
    if (over >= 0) return { ...values, ...leaving(over, 10 * SECOND) }
    const pressed = elapsed >= 0
    return {
      ...values,
      ...landing,
      ...people,
      passengerAlarm: pressed,
      ...(pressed && { carDoorStatus: 'closed' }),
    }
  },
}
