/** The hub is away for ten minutes: devices keep what was not acknowledged and send it after, but for a tenth that is lost. */
import { MINUTE, SECOND } from '../devices/behaviour.ts'
import type { Disturbance } from './disturbance.ts'
import { shareOf } from './share.ts'

/** Devices whose memory is short, or that were switched off meanwhile. */
const LOST = 0.1
const BURST = 25 * SECOND

export const hubDeaf: Disturbance = {
  name: 'hub-deaf',
  // Rules about silence give devices 5 min to come back (promise 3).
  delays: 16 * MINUTE,
  skews: 0,
  deafens: true,
  bend(message, { span, random }) {
    if (message.channel === 'status' || random.chance(LOST)) return []
    return [{ ...message, receivedAt: span.to + 5 * SECOND + Math.round(BURST * shareOf(message, span)) }]
  },
}
