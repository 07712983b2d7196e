/** Devices whose clocks are wrong by what a hub must bear with (domain.md D3): a little ahead, behind, or never set. */
import { MINUTE, SECOND } from '../devices/behaviour.ts'
import type { Heard } from '../message-stream.ts'
import type { Disturbance } from './disturbance.ts'

function stamped(message: Heard, ts: number): readonly Heard[] {
  return [{ ...message, payload: { ...message.payload, ts: new Date(ts).toISOString() } }]
}

function clockOff(name: string, by: number): Disturbance {
  return {
    name,
    delays: 0,
    skews: Math.abs(by),
    bend: (message) => stamped(message, message.receivedAt + by),
  }
}

export const clockAhead = clockOff('clock-ahead', 90 * SECOND)
export const clockBehind = clockOff('clock-behind', -20 * MINUTE)

/** Counts from 1970 since it was switched on. */
export const clockUnset: Disturbance = {
  name: 'clock-unset',
  delays: 0,
  skews: 0,
  brings: { D3: 'somebody has to set the clock' },
  bend: (message, { span }) => stamped(message, message.receivedAt - span.from),
}
