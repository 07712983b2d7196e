/** Alerts that a fault legitimately causes besides that of its own rule. They count neither as false nor as required. */
import { DAY } from './devices/behaviour.ts'

export interface SideEffect {
  /** Rule number of the planned fault, or the name of one fault. */
  readonly cause: string
  /** Rules that may raise as well. */
  readonly alsoRaises: readonly string[]
  readonly reason: string
  /** How long after the end of the fault, ms; default 0. */
  readonly outlasts?: number
}

/** Every entry has its reason. */
export const sideEffects: readonly SideEffect[] = [
  {
    cause: 'E14',
    alsoRaises: ['E15'],
    reason: 'four outages in 30 days make a chronic lift, however long each repair takes',
  },
  { cause: 'lift-restarted', alsoRaises: ['D1'], reason: 'a restarting controller is offline meanwhile' },
  {
    cause: 'L4',
    alsoRaises: ['L2', 'L8', 'L9', 'L10', 'D1', 'D9'],
    reason:
      'the lamps of a dead feeder are dark, then silent; their cabinet draws no power, at an unusual time',
  },
  { cause: 'L8', alsoRaises: ['L10'], reason: 'a load by day looks like lamps that are switched on' },
  {
    cause: 'late-switching',
    alsoRaises: ['L8'],
    reason: 'a circuit that is not switched on draws less power than usual',
  },
  { cause: 'B2', alsoRaises: ['B1'], reason: 'a bin that is predicted to be full is full in the end' },
  { cause: 'B7', alsoRaises: ['B1', 'B2'], reason: 'a frozen level jumped to its frozen value at the start' },
  { cause: 'B10', alsoRaises: ['B1', 'B2'], reason: 'a bin that nobody empties may be full' },
  {
    cause: 'D9',
    alsoRaises: ['D1'],
    reason: 'each device is offline; the console shows them under one alert',
  },
  {
    cause: 'D5',
    alsoRaises: ['L3'],
    reason: 'a frozen meter shows the wrong power once the lamp is dimmed',
  },
  {
    cause: 'D7',
    alsoRaises: ['D1', 'D9'],
    reason:
      'each loss of an unstable connection is an offline device; the console shows them under one alert',
  },
  {
    cause: 'unstable-line',
    alsoRaises: ['E8'],
    reason: 'the hub learns that the door has closed only after the device has reconnected',
  },
  {
    cause: 'K1',
    alsoRaises: ['K2'],
    reason: 'a very high value raises the mean of the week',
    outlasts: 7 * DAY,
  },
  { cause: 'K2', alsoRaises: ['K2'], reason: 'the mean of a week falls slowly', outlasts: 7 * DAY },
  {
    cause: 'H1',
    alsoRaises: ['H2', 'H3', 'H7', 'H8', 'H11'],
    reason: 'without any door opening or movement for two days, all rules about home life apply',
  },
  {
    cause: 'no-door-opening',
    alsoRaises: ['H1'],
    reason: 'a resident who moves again has not opened the door yet, until the next time out',
    outlasts: DAY,
  },
  {
    cause: 'H2',
    alsoRaises: ['H1', 'H7', 'H8', 'H11'],
    reason: 'a resident lying on the floor is seen in no other room and not in bed',
  },
  {
    cause: 'L10',
    alsoRaises: ['L8'],
    reason: 'a circuit switched at another time draws unusual power at that time',
  },
  {
    cause: 'B2',
    alsoRaises: ['B1'],
    reason: 'a bin that fills fast is full before the next collection',
    outlasts: DAY,
  },
  {
    cause: 'B7',
    alsoRaises: ['B2'],
    reason: 'a level frozen since before the collection shows no emptying, so the forecast continues',
  },
  {
    cause: 'H3',
    alsoRaises: ['H1', 'H8', 'H11'],
    reason: 'an absent resident is in no room and opens no door',
  },
  {
    cause: 'H4',
    alsoRaises: ['H5', 'H7'],
    reason: 'a resident who goes out at night is not in bed, and no sensor sees the return to bed',
  },
  {
    cause: 'H5',
    alsoRaises: ['H4', 'H7'],
    reason: 'a resident who wanders at night opens the door and is not in bed',
  },
  {
    cause: 'H6',
    alsoRaises: ['H7', 'H8'],
    reason: 'a resident in the bathroom is neither in bed nor in the kitchen',
  },
  { cause: 'H9', alsoRaises: ['H4', 'H5'], reason: 'a door left open at night was opened at night' },
]

/** Rules that may raise besides the fault's own, with the time (ms) for which they may do so after its end. */
export function sideEffectsOf(fault: {
  readonly fault: string
  readonly ref: string
}): ReadonlyMap<string, number> {
  const matching = sideEffects.filter(({ cause }) => cause === fault.ref || cause === fault.fault)
  return new Map(
    matching.flatMap(({ alsoRaises, outlasts = 0 }) =>
      alsoRaises.map((ref): [string, number] => [ref, outlasts]),
    ),
  )
}
