/** A gateway that is disconnected for most of a day: it buffers messages and sends them after the reconnect. */
import { HOUR, MINUTE } from '../devices/behaviour.ts'
import { type Disturbance, positionInSpan } from './disturbance.ts'

const BURST = 2 * MINUTE

export const gatewayBackfill: Disturbance = {
  name: 'gateway-back-fills',
  maxDelay: 22 * HOUR,
  maxClockError: 0,
  causesAlerts: {
    D1: 'devices behind it are silent for most of a day',
    D9: 'all devices behind it are silent at the same time',
  },
  apply: (message, { span }) => [
    { ...message, receivedAt: span.to + Math.round(BURST * positionInSpan(message, span)) },
  ],
}
