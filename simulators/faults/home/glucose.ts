/** Blood glucose far too low, and far too high. */
import { HOUR, MINUTE, SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'

function glucose(name: string, ref: string, bloodGlucose: number): Fault {
  return {
    name,
    ref,
    deviceTypes: ['kiosk'],
    affects: 'device',
    duration: [40 * MINUTE, 2 * HOUR],
    raiseWithin: 5 * SECOND,
    reportEvery: 20 * MINUTE,
    // One more measurement at the end has a normal value.
    leadOut: 21 * MINUTE,
    alterTelemetry: (values, { elapsed, span }) => ({
      ...values,
      bloodGlucose: elapsed < span.to - span.from ? bloodGlucose : 6.1,
      context: 'postprandial',
    }),
  }
}

export const lowGlucose = glucose('low-glucose', 'K3', 2.8)
export const highGlucose = glucose('high-glucose', 'K4', 15.2)
