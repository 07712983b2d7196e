/** What the hub notes of a message besides what it tells: its clock, its number, its wrong fields. In order of arrival. */

/** Messages in a row whose time cannot be right. */
export interface WrongClock {
  readonly way: 'ahead' | 'behind' | 'unset'
  readonly count: number
  /** Hub clock (ms) at the first of them. */
  readonly since: number
  /** The hub's clock minus the device's at the first of them, ms. */
  readonly by: number
}

/** Of a time in which messages were counted by their numbers. */
export interface Counted {
  /** Hub clock, ms. */
  readonly since: number
  readonly until: number
  readonly expected: number
  readonly lost: number
}

export interface LinkFacts {
  /** `unknown` = the message tells no time of its own. */
  readonly clock: 'right' | 'wrong' | 'unknown'
  readonly wrongClock: WrongClock | undefined
  /** How many fields were dropped because their value could not be right. */
  readonly rejected: number
  /** Set on the message with which such a time is over. */
  readonly counted: Counted | undefined
}
