/** Facts about a message besides its values: clock, sequence number, rejected fields. In order of arrival. */

/** A run of messages whose timestamps cannot be right. */
export interface WrongClock {
  readonly way: 'ahead' | 'behind' | 'unset'
  readonly count: number
  /** Hub clock (ms) at the first of them. */
  readonly since: number
  /** The hub's clock minus the device's at the first of them, ms. */
  readonly by: number
}

/** Messages of a period, counted by their sequence numbers. */
export interface MessageCount {
  /** Hub clock, ms. */
  readonly since: number
  readonly until: number
  readonly expected: number
  readonly lost: number
}

export interface LinkFacts {
  /** `unknown` = the message has no timestamp. */
  readonly clock: 'right' | 'wrong' | 'unknown'
  readonly wrongClock: WrongClock | undefined
  /** Number of fields dropped as implausible. */
  readonly rejected: number
  /** Set on the message that ends the period. */
  readonly counted: MessageCount | undefined
}
