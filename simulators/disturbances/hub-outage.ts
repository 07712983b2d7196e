/** The hub is down: devices buffer unacknowledged messages and send them afterwards; a tenth is lost. */
import { MINUTE, SECOND } from '../devices/behaviour.ts'
import { type Disturbance, positionInSpan } from './disturbance.ts'

/** Share of lost messages: devices with a small buffer, or switched off meanwhile. */
const LOST = 0.1
/** First and last buffered message, ms after the hub is up again. */
const [FIRST, LAST] = [5 * SECOND, 30 * SECOND]

export const hubOutage: Disturbance = {
  name: 'hub-outage',
  // 10 min of outage, and rules about silence give devices another 5 min to reconnect (promise 3).
  maxDelay: 16 * MINUTE,
  maxClockError: 0,
  isHubOutage: true,
  // A client resends in order, and new messages after them (MQTT 3.1.1, 4.6): nothing overtakes buffered messages.
  drainTime: LAST,
  apply(message, { span, random }) {
    if (message.receivedAt >= span.to) return [{ ...message, receivedAt: span.to + LAST }]
    if (message.channel === 'status' || random.chance(LOST)) return []
    const sentAfter = FIRST + Math.round((LAST - FIRST) * positionInSpan(message, span))
    return [{ ...message, receivedAt: span.to + sentAfter }]
  },
}
