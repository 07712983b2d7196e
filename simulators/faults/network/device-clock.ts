/** Devices with a wrong clock: an hour ahead, or back at a day weeks ago (domain.md D3). */
import { DAY, HOUR, MINUTE } from '../../devices/behaviour.ts'
import type { Fault, FaultContext } from '../fault.ts'

/** A `ts` that is off by `by` ms; overrides the one of the envelope. */
export const shiftedTimestamp = ({ span, elapsed }: FaultContext, by: number): { readonly ts: string } => ({
  ts: new Date(span.from + elapsed + by).toISOString(),
})

function clockFault(name: string, by: number): Fault {
  return {
    name,
    ref: 'D3',
    deviceTypes: ['elevator', 'streetlight', 'cabinet', 'motion', 'gas'],
    affects: 'device',
    duration: [HOUR, 5 * HOUR],
    // Three messages over ten minutes.
    raiseWithin: 16 * MINUTE,
    reportEvery: 4 * MINUTE,
    alterTelemetry: (values, context) => ({ ...values, ...shiftedTimestamp(context, by) }),
  }
}

export const clockAnHourAhead = clockFault('clock-an-hour-ahead', HOUR)
export const clockWeeksBehind = clockFault('clock-weeks-behind', -21 * DAY)
