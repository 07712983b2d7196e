/** Every thirtieth reading is overtaken by the next ones, by less than the 5 min that rules make up for. */
import { MINUTE } from '../devices/behaviour.ts'
import type { Disturbance } from './disturbance.ts'

const LONGEST = 4.5 * MINUTE

export const reordered: Disturbance = {
  name: 'reordered',
  delays: LONGEST,
  skews: 0,
  bend(message, { random }) {
    // The state of the line is the hub's own knowledge, nothing that travels.
    if (message.channel === 'status' || !random.chance(1 / 30)) return [message]
    return [{ ...message, receivedAt: message.receivedAt + Math.round(random.between(0, LONGEST)) }]
  },
}
