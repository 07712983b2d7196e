/** Clock errors that a hub must tolerate (domain.md D3): a little ahead, behind, or never set. */
import { MINUTE, SECOND } from '../devices/behaviour.ts'
import type { ReceivedMessage } from '../message-stream.ts'
import type { Disturbance } from './disturbance.ts'

function withTimestamp(message: ReceivedMessage, ts: number): readonly ReceivedMessage[] {
  return [{ ...message, payload: { ...message.payload, ts: new Date(ts).toISOString() } }]
}

function clockError(name: string, by: number): Disturbance {
  return {
    name,
    maxDelay: 0,
    maxClockError: Math.abs(by),
    apply: (message) => withTimestamp(message, message.receivedAt + by),
  }
}

export const clockAhead = clockError('clock-ahead', 90 * SECOND)
export const clockBehind = clockError('clock-behind', -20 * MINUTE)

/** A clock that starts at 1970 when the device is switched on. */
export const clockUnset: Disturbance = {
  name: 'clock-unset',
  maxDelay: 0,
  maxClockError: 0,
  causesAlerts: { D3: 'somebody has to set the clock' },
  apply: (message, { span }) => withTimestamp(message, message.receivedAt - span.from),
}
