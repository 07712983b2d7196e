/** A family moves house: the door is held for a minute and a half. */
import { SECOND } from '../../devices/behaviour.ts'
import type { Fault } from '../fault.ts'
import { landing, nobody } from './car.ts'

export const removal: Fault = {
  name: 'removal',
  ref: 'E8',
  decoy: true,
  deviceTypes: ['elevator'],
  reach: 'device',
  lasts: [50 * SECOND, 95 * SECOND],
  raisedWithin: 0,
  every: 5 * SECOND,
  shape: (values) => ({ ...values, ...landing, ...nobody }),
}
