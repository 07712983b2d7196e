/** A lamp that has burned for nearly as long as it may; it is changed in the end. */
import { HOUR, MINUTE } from '../../devices/behaviour.ts'
import { metaNumber } from '../../subject.ts'
import type { Fault } from '../fault.ts'

export const lampAged: Fault = {
  name: 'lamp-aged',
  ref: 'L7',
  deviceTypes: ['streetlight'],
  reach: 'device',
  lasts: [6 * HOUR, 48 * HOUR],
  raisedWithin: 6 * MINUTE,
  shape: (values, { subject, elapsed }) => ({
    ...values,
    operatingHours: Math.round(0.93 * metaNumber(subject, 'maxOperatingHours', 60_000) + elapsed / HOUR),
  }),
  visible: (_, subject) => typeof subject.meta.maxOperatingHours === 'number',
}
