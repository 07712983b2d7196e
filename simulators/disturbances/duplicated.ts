/** Every twentieth message comes twice, as QoS 1 allows. */
import { MINUTE } from '../devices/behaviour.ts'
import type { Disturbance } from './disturbance.ts'

export const duplicated: Disturbance = {
  name: 'duplicated',
  delays: 0,
  skews: 0,
  bend(message, { random }) {
    if (!random.chance(0.05)) return [message]
    return [message, { ...message, receivedAt: message.receivedAt + Math.round(random.between(0, MINUTE)) }]
  },
}
