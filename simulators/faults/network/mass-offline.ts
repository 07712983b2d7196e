/** A gateway dies, and all that speaks through it is gone; then it is there again. */
import { HOUR, MINUTE, SECOND } from '../../devices/behaviour.ts'
import { isAlways } from '../../devices/night.ts'
import { hash32 } from '../../random.ts'
import type { Subject } from '../../subject.ts'
import type { Fault, Happening, Span } from '../fault.ts'

export const gatewayDown: Fault = {
  name: 'gateway-down',
  ref: 'D9',
  deviceTypes: ['bin', 'door'],
  reach: 'gateway',
  lasts: [20 * MINUTE, 3 * HOUR],
  // Many within 5 min (domain.md D9).
  raisedWithin: 3 * MINUTE,
  happenings: gone,
  visible: (_, subject) => subject.gateway !== null,
}

/** The feeder of a circuit dies by day, when nobody sees its lamps dark. */
export const circuitDownByDay: Fault = {
  name: 'circuit-down-by-day',
  ref: 'D9',
  deviceTypes: ['streetlight'],
  reach: 'circuit',
  lasts: [20 * MINUTE, 2 * HOUR],
  raisedWithin: 3 * MINUTE,
  happenings: (span, subject) => (subject.type === 'cabinet' ? [] : gone(span, subject)),
  visible: ({ from, to }, subject) =>
    isAlways(false, subject, { from: from - 20 * MINUTE, to: to + 20 * MINUTE }),
}

/** Each is missed when its own line times out, within two minutes. */
function gone({ from, to }: Span, { id }: Subject): readonly Happening[] {
  const after = (hash32(id) % 100) * SECOND
  return [
    { at: from + after, what: 'drop' },
    { at: to + after / 10, what: 'connect' },
  ]
}
