/** The motor fan has stopped: the motor is more than 20 K warmer than before. */
import { DAY, HOUR, MINUTE } from '../../devices/behaviour.ts'
import { rounded } from '../../random.ts'
import type { Fault } from '../fault.ts'
import { withNumber } from './car.ts'

export const motorWarm: Fault = {
  name: 'motor-warm',
  ref: 'E11',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [3 * DAY, 5 * DAY],
  // A whole day 20 K above its own baseline (domain.md E11), evaluated at its end.
  raiseWithin: 48 * HOUR + 15 * MINUTE,
  minHistory: 15 * DAY,
  // The alert clears with the next normal day.
  minRepeatGap: 4 * DAY,
  alterTelemetry: (values) => withNumber(values, 'motorTemperature', (degrees) => rounded(degrees + 26, 1)),
}
