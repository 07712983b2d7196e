/** An entrance door left open in frost, for less time than would matter in mild weather. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { doorLeftOpen } from './door-left-open.ts'

export const doorOpenInCold: Fault = {
  ...doorLeftOpen,
  name: 'door-open-in-cold',
  duration: [7 * MINUTE, 9 * MINUTE],
  // Open for more than 5 min below 5 degrees (domain.md H9).
  raiseWithin: 6 * MINUTE,
  alterTelemetry: (values) => ({ ...values, outdoorTemperature: -3 }),
}
