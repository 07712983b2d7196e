/** Every thirtieth reading is overtaken by later ones, by less than the 5 min that the rules' reorder buffer covers. */
import { MINUTE } from '../devices/behaviour.ts'
import type { Disturbance } from './disturbance.ts'

const MAX_DELAY = 4.5 * MINUTE

export const reordered: Disturbance = {
  name: 'reordered',
  maxDelay: MAX_DELAY,
  maxClockError: 0,
  apply(message, { random }) {
    // The connection state is known to the broker itself and does not travel.
    if (message.channel === 'status' || !random.chance(1 / 30)) return [message]
    return [{ ...message, receivedAt: message.receivedAt + Math.round(random.between(0, MAX_DELAY)) }]
  },
}
