/** Blood pressure that is raised at every measurement of ten days, but never alarming. */
import { DAY } from '../../devices/behaviour.ts'
import { hash32 } from '../../random.ts'
import type { Fault } from '../fault.ts'

const RISE = 30
/** Days between two starts on one device. */
const CYCLE_DAYS = 21

export const pressureRaised: Fault = {
  name: 'pressure-raised',
  ref: 'K2',
  deviceTypes: ['kiosk'],
  affects: 'device',
  duration: [9 * DAY, 11 * DAY],
  // Mean of the last seven days: the days before the start have left it after a week.
  raiseWithin: 8 * DAY,
  alterTelemetry(values) {
    const { systolicBloodPressure: systolic, diastolicBloodPressure: diastolic } = values
    if (typeof systolic !== 'number' || typeof diastolic !== 'number') return values
    return {
      ...values,
      systolicBloodPressure: systolic + RISE,
      diastolicBloodPressure: diastolic + RISE / 2,
    }
  },
  // The weekly mean falls as slowly, so the next one starts weeks later.
  isDetectable: ({ from }, { id }) => (Math.floor(from / DAY) + hash32(id)) % CYCLE_DAYS < 2,
}
