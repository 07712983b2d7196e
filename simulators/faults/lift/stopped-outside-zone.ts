/** An empty car on its way to a call that stops between two floors. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { betweenFloors, landing, nobody, riding } from './car.ts'

export const stoppedOutsideZone: Fault = {
  name: 'stopped-outside-zone',
  ref: 'E4',
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [3 * MINUTE, 12 * MINUTE],
  // 45 s (domain.md E4), and one message.
  raisedWithin: 60 * SECOND,
  lead: 10 * SECOND,
  tail: 10 * SECOND,
  every: 5 * SECOND,
  shape(values, { elapsed, span }) {
    if (elapsed < -5 * SECOND || elapsed >= span.to - span.from) return { ...values, ...landing, ...nobody }
    return { ...values, ...(elapsed < 0 ? riding : betweenFloors), ...nobody }
  },
}
