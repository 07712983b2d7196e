/** The hub is away for ten minutes: devices keep what was not acknowledged and send it after, but for a tenth that is lost. */
import { MINUTE, SECOND } from '../devices/behaviour.ts'
import type { Disturbance } from './disturbance.ts'
import { shareOf } from './share.ts'

/** Devices whose memory is short, or that were switched off meanwhile. */
const LOST = 0.1
/** From the first to the last of what was kept, after the hub is back. */
const [FIRST, LAST] = [5 * SECOND, 30 * SECOND]

export const hubDeaf: Disturbance = {
  name: 'hub-deaf',
  // Rules about silence give devices 5 min to come back (promise 3).
  delays: 16 * MINUTE,
  skews: 0,
  deafens: true,
  // A client sends again in order, and what is new after it (MQTT 3.1.1, 4.6): nothing overtakes what was kept.
  settles: LAST,
  bend(message, { span, random }) {
    if (message.receivedAt >= span.to) return [{ ...message, receivedAt: span.to + LAST }]
    if (message.channel === 'status' || random.chance(LOST)) return []
    const sentAfter = FIRST + Math.round((LAST - FIRST) * shareOf(message, span))
    return [{ ...message, receivedAt: span.to + sentAfter }]
  },
}
