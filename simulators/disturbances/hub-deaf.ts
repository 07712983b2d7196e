/** The hub is away for ten minutes: half of what was said meanwhile is lost, half was kept and comes after. */
import { MINUTE, SECOND } from '../devices/behaviour.ts'
import type { Disturbance } from './disturbance.ts'
import { shareOf } from './share.ts'

const BURST = 25 * SECOND

export const hubDeaf: Disturbance = {
  name: 'hub-deaf',
  // Rules about silence give devices 5 min to come back (promise 3).
  delays: 16 * MINUTE,
  skews: 0,
  deafens: true,
  bend(message, { span, random }) {
    if (message.channel === 'status' || random.chance(0.5)) return []
    return [{ ...message, receivedAt: span.to + 5 * SECOND + Math.round(BURST * shareOf(message, span)) }]
  },
}
