/** Blood pressure that is raised at every measurement of ten days, never alarmingly. */
import { DAY } from '../../devices/behaviour.ts'
import { hash32 } from '../../random.ts'
import type { Fault } from '../fault.ts'

const HIGHER = 30
/** Days between two beginnings on one device. */
const SLOT = 21

export const pressureRaised: Fault = {
  name: 'pressure-raised',
  ref: 'K2',
  deviceTypes: ['kiosk'],
  reach: 'device',
  lasts: [9 * DAY, 11 * DAY],
  // The mean of the last seven days, in which the days before are gone after a week.
  raisedWithin: 8 * DAY,
  shape(values) {
    const { systolicBloodPressure: systolic, diastolicBloodPressure: diastolic } = values
    if (typeof systolic !== 'number' || typeof diastolic !== 'number') return values
    return {
      ...values,
      systolicBloodPressure: systolic + HIGHER,
      diastolicBloodPressure: diastolic + HIGHER / 2,
    }
  },
  // The mean of a week falls as slowly, so that one begins anew weeks later only.
  visible: ({ from }, { id }) => (Math.floor(from / DAY) + hash32(id)) % SLOT < 2,
}
