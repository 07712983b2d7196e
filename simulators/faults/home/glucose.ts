/** Blood glucose that is far too low, and far too high. */
import { HOUR, MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

function glucose(name: string, ref: string, bloodGlucose: number): Fault {
  return {
    name,
    ref,
    deviceTypes: ['kiosk'],
    reach: 'device',
    lasts: [40 * MINUTE, 2 * HOUR],
    raisedWithin: 5 * SECOND,
    every: 20 * MINUTE,
    // In the end it is measured once more, and right.
    tail: 21 * MINUTE,
    shape: (values, { elapsed, span }) => ({
      ...values,
      bloodGlucose: elapsed < span.to - span.from ? bloodGlucose : 6.1,
      context: 'postprandial',
    }),
  }
}

export const lowGlucose = glucose('low-glucose', 'K3', 2.8)
export const highGlucose = glucose('high-glucose', 'K4', 15.2)
