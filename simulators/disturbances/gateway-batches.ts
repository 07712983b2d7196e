/** A gateway that collects for three minutes and sends all at once. */
import { MINUTE } from '../devices/behaviour.ts'
import type { Disturbance } from './disturbance.ts'

const EVERY = 3 * MINUTE

export const gatewayBatches: Disturbance = {
  name: 'gateway-batches',
  delays: EVERY,
  skews: 0,
  bend: (message) => [{ ...message, receivedAt: Math.ceil(message.receivedAt / EVERY) * EVERY }],
}
