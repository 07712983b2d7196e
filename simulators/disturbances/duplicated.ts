/** Every twentieth message arrives twice, as QoS 1 allows. */
import { MINUTE } from '../devices/behaviour.ts'
import type { Disturbance } from './disturbance.ts'

export const duplicated: Disturbance = {
  name: 'duplicated',
  maxDelay: 0,
  maxClockError: 0,
  apply(message, { random }) {
    if (!random.chance(0.05)) return [message]
    return [message, { ...message, receivedAt: message.receivedAt + Math.round(random.between(0, MINUTE)) }]
  },
}
