/** An empty car on its way to a call stops between two floors. */
import { MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { atLanding, betweenFloors, empty, riding } from './car.ts'

export const stoppedOutsideZone: Fault = {
  name: 'stopped-outside-zone',
  ref: 'E4',
  deviceTypes: ['elevator'],
  affects: 'device',
  duration: [3 * MINUTE, 12 * MINUTE],
  // 45 s (domain.md E4), and one message.
  raiseWithin: 60 * SECOND,
  leadIn: 10 * SECOND,
  leadOut: 10 * SECOND,
  reportEvery: 5 * SECOND,
  alterTelemetry(values, { elapsed, span }) {
    if (elapsed < -5 * SECOND || elapsed >= span.to - span.from) return { ...values, ...atLanding, ...empty }
    return { ...values, ...(elapsed < 0 ? riding : betweenFloors), ...empty }
  },
}
