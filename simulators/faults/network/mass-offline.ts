/** A gateway fails, and all devices behind it go offline until it is back. */
import { HOUR, MINUTE, SECOND } from '../../devices/behaviour.ts'
import { isAlways } from '../../devices/night.ts'
import { hash32 } from '../../random.ts'
import type { Subject } from '../../subject.ts'
import type { Fault, FaultEvent, Span } from '../fault.ts'

export const gatewayDown: Fault = {
  name: 'gateway-down',
  ref: 'D9',
  deviceTypes: ['bin', 'door'],
  affects: 'gateway',
  duration: [20 * MINUTE, 3 * HOUR],
  // Many within 5 min (domain.md D9).
  raiseWithin: 3 * MINUTE,
  events: staggeredOutage,
  isDetectable: (_, subject) => subject.gateway !== null,
}

/** The feeder of a circuit fails by day, when its lamps are off anyway. */
export const circuitDownByDay: Fault = {
  name: 'circuit-down-by-day',
  ref: 'D9',
  deviceTypes: ['streetlight'],
  affects: 'circuit',
  duration: [20 * MINUTE, 2 * HOUR],
  raiseWithin: 3 * MINUTE,
  events: (span, subject) => (subject.type === 'cabinet' ? [] : staggeredOutage(span, subject)),
  isDetectable: ({ from, to }, subject) =>
    isAlways(false, subject, { from: from - 20 * MINUTE, to: to + 20 * MINUTE }),
}

/** Each device drops when its own keepalive expires, within two minutes. */
function staggeredOutage({ from, to }: Span, { id }: Subject): readonly FaultEvent[] {
  const after = (hash32(id) % 100) * SECOND
  return [
    { at: from + after, action: 'drop' },
    { at: to + after / 10, action: 'connect' },
  ]
}
