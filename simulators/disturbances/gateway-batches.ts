/** A gateway that collects messages for three minutes and sends them in one batch. */
import { MINUTE } from '../devices/behaviour.ts'
import type { Disturbance } from './disturbance.ts'

const EVERY = 3 * MINUTE

export const gatewayBatches: Disturbance = {
  name: 'gateway-batches',
  maxDelay: EVERY,
  maxClockError: 0,
  apply: (message) => [{ ...message, receivedAt: Math.ceil(message.receivedAt / EVERY) * EVERY }],
}
