/** What a fault honestly brings with it besides the alert of its own rule: no false alert, and none that is asked for. */

export interface Consequence {
  /** The rule whose fault was planned, or one such fault by its name, and the rules that may speak as well. */
  readonly of: string
  readonly may: readonly string[]
  readonly because: string
}

/** No line without its reason. */
export const consequences: readonly Consequence[] = [
  { of: 'L4', may: ['L2', 'D1', 'D9'], because: 'the lamps of a dead feeder are dark, then silent' },
  {
    of: 'H1',
    may: ['H2', 'H3', 'H8', 'H11'],
    because: 'where nobody opens the door or moves for two days, every rule about life in the home is right',
  },
  {
    of: 'D7',
    may: ['D1', 'D9'],
    because: 'each loss of an unstable line is one; people see them under the one alert',
  },
  { of: 'H9', may: ['H4', 'H5'], because: 'a door left open at night was opened at night' },
]

/** The rules that may speak while this fault is on, besides its own. */
export function consequencesOf({
  fault,
  ref,
}: {
  readonly fault: string
  readonly ref: string
}): ReadonlySet<string> {
  return new Set(consequences.flatMap(({ of, may }) => (of === ref || of === fault ? may : [])))
}
