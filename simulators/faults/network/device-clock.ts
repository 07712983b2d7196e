/** Devices whose own clock is wrong: an hour ahead, or fallen back to a day weeks ago (domain.md D3). */
import { DAY, HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault, FaultMoment } from '../fault.ts'

/** `ts` of the envelope; what a fault says of it stands in its place. */
export const claimed = ({ span, elapsed }: FaultMoment, by: number): { readonly ts: string } => ({
  ts: new Date(span.from + elapsed + by).toISOString(),
})

function clockOff(name: string, by: number): Fault {
  return {
    name,
    ref: 'D3',
    deviceTypes: ['elevator', 'streetlight', 'cabinet', 'motion', 'gas'],
    reach: 'device',
    lasts: [HOUR, 5 * HOUR],
    // Three messages over ten minutes.
    raisedWithin: 16 * MINUTE,
    every: 4 * MINUTE,
    shape: (values, moment) => ({ ...values, ...claimed(moment, by) }),
  }
}

export const clockAnHourAhead = clockOff('clock-an-hour-ahead', HOUR)
export const clockWeeksBehind = clockOff('clock-weeks-behind', -21 * DAY)
