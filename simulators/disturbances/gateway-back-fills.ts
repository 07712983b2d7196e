/** A gateway without a line for most of a day: it keeps what it hears and sends it when the line is back. */
import { HOUR, MINUTE } from '../devices/behaviour.ts'
import type { Disturbance } from './disturbance.ts'
import { shareOf } from './share.ts'

const BURST = 2 * MINUTE

export const gatewayBackFills: Disturbance = {
  name: 'gateway-back-fills',
  delays: 22 * HOUR,
  skews: 0,
  brings: {
    D1: 'what speaks through it is not heard for most of a day',
    D9: 'all that speaks through it is silent together',
  },
  bend: (message, { span }) => [
    { ...message, receivedAt: span.to + Math.round(BURST * shareOf(message, span)) },
  ],
}
