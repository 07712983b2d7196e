/** What a fault honestly brings with it besides the alert of its own rule: no false alert, and none that is asked for. */
import { DAY } from './devices/behaviour.ts'

export interface Consequence {
  /** The rule whose fault was planned, or one such fault by its name, and the rules that may speak as well. */
  readonly of: string
  readonly may: readonly string[]
  readonly because: string
  /** How long after the fault, ms; while it is on when absent. */
  readonly after?: number
}

/** No line without its reason. */
export const consequences: readonly Consequence[] = [
  {
    of: 'E14',
    may: ['E15'],
    because: 'whatever it takes to repair, four outages in 30 days are a chronic lift',
  },
  { of: 'lift-restarted', may: ['D1'], because: 'a controller that is started again is not heard meanwhile' },
  {
    of: 'L4',
    may: ['L2', 'L8', 'L9', 'L10', 'D1', 'D9'],
    because:
      'the lamps of a dead feeder are dark, then silent, and their cabinet draws nothing, at the wrong time',
  },
  { of: 'L8', may: ['L10'], because: 'a load by day looks like lamps that are switched on' },
  {
    of: 'late-switching',
    may: ['L8'],
    because: 'a line that is not switched on does not draw what it usually does',
  },
  { of: 'B2', may: ['B1'], because: 'what is foreseen to be full is full in the end' },
  { of: 'B7', may: ['B1', 'B2'], because: 'a level that stands still has jumped to where it stands' },
  { of: 'B10', may: ['B1', 'B2'], because: 'a bin that nobody empties may be full' },
  { of: 'D9', may: ['D1'], because: 'each of the devices is offline; people see them under the one alert' },
  {
    of: 'D5',
    may: ['L3'],
    because: 'a meter that stands still shows the wrong power once the lamp is dimmed',
  },
  {
    of: 'D7',
    may: ['D1', 'D9'],
    because: 'each loss of an unstable line is one; people see them under the one alert',
  },
  {
    of: 'unstable-line',
    may: ['E8'],
    because: 'that the door has closed again is heard only when the line is back',
  },
  { of: 'K1', may: ['K2'], because: 'a very high value raises the mean of the week', after: 7 * DAY },
  { of: 'K2', may: ['K2'], because: 'the mean of a week falls slowly', after: 7 * DAY },
  {
    of: 'H1',
    may: ['H2', 'H3', 'H7', 'H8', 'H11'],
    because: 'where nobody opens the door or moves for two days, every rule about life in the home is right',
  },
  {
    of: 'no-door-opening',
    may: ['H1'],
    because: 'who moves again has still not been out since, until the next way out',
    after: DAY,
  },
  {
    of: 'H2',
    may: ['H1', 'H7', 'H8', 'H11'],
    because: 'who lies on the floor is in no other room and in no bed',
  },
  {
    of: 'L10',
    may: ['L8'],
    because: 'a line that is switched at another time draws another power than usual then',
  },
  { of: 'B2', may: ['B1'], because: 'what fills fast is full before the next round', after: DAY },
  {
    of: 'B7',
    may: ['B2'],
    because:
      'a level that stands still since before the round shows no emptying, so it goes on being foreseen',
  },
  { of: 'H3', may: ['H1', 'H8', 'H11'], because: 'who is not back is in no room and opens no door' },
  {
    of: 'H4',
    may: ['H5', 'H7'],
    because: 'who goes out at night is not in bed, and who comes back to bed is seen by no sensor',
  },
  { of: 'H5', may: ['H4', 'H7'], because: 'who wanders at night opens the door and is not in bed' },
  { of: 'H6', may: ['H7', 'H8'], because: 'who is in the bathroom is neither in bed nor in the kitchen' },
  { of: 'H9', may: ['H4', 'H5'], because: 'a door left open at night was opened at night' },
]

/** The rules that may speak besides its own, and how long after this fault (ms). */
export function consequencesOf(fault: {
  readonly fault: string
  readonly ref: string
}): ReadonlyMap<string, number> {
  const mine = consequences.filter(({ of }) => of === fault.ref || of === fault.fault)
  return new Map(mine.flatMap(({ may, after = 0 }) => may.map((ref): [string, number] => [ref, after])))
}
