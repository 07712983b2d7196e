/** An entrance door that stands open on a day of frost, shorter than would matter in mild weather. */
import { MINUTE } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { doorLeftOpen } from './door-left-open.ts'

export const doorOpenInCold: Fault = {
  ...doorLeftOpen,
  name: 'door-open-in-cold',
  lasts: [7 * MINUTE, 9 * MINUTE],
  // Open for more than 5 min below 5 degrees (domain.md H9).
  raisedWithin: 6 * MINUTE,
  shape: (values) => ({ ...values, outdoorTemperature: -3 }),
}
