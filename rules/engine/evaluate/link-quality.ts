/**
 * Link facts from the messages of one device in order of arrival: clock errors, lost messages, rejected values. For
 * usual messages nothing is allocated.
 */
import type { DeviceEntry } from '../../../model/entry.ts'
import type { LinkFacts, MessageCount, WrongClock } from '../../conditions/link-facts.ts'

/** Message numbers within one counting period; a restart of the device restarts them. */
interface Numbers {
  /** Hub clock, ms: start of the period. */
  since: number
  lowest: number
  highest: number
  /** Event time (ms) of the message with the highest number. */
  highestTs: number
  received: number
  /**
   * Received with a higher number but an older time: sent before a restart, or by a clock that moved back. The number
   * counts only when the clock is right again.
   */
  above: number
  /** Numbers used before the device restarted. */
  before: number
}

/** Changed in place, because this is the hot path. Plain data, saved with the device. */
export interface LinkState {
  wrongClock?: WrongClock
  numbers?: Numbers
}

/** A wrong clock stays behind by a constant time, within this (ms); buffered readings catch up. */
const tolerance = 60_000
/** A clock that is far behind counts as wrong only after this time (ms) and number of messages. */
const minDuration = 600_000
const minCount = 3
/** No message is delayed this long every time (ms); below this it is a slow link. */
const farBehind = 3_600_000
/** Lost messages are counted over this period (ms); domain.md D8 is a share per day. */
const countPeriod = 86_400_000
/** A number that falls by less than this belongs to an overtaken message; the first numbers always mean a restart. */
const maxOvertaking = 64
const firstNumbers = 1
/** A jump of the number by more than this is a restart of the device, not lost messages. */
const maxGap = 100_000

/**
 * Updates the link state with a message. Returns undefined when nothing is unusual; `usualLinkFacts` applies then.
 */
export function recordLink(link: LinkState, entry: DeviceEntry): LinkFacts | undefined {
  const clock = clockOf(entry)
  const isRightAgain = clock === 'right' && link.wrongClock !== undefined
  if (clock === 'wrong') link.wrongClock = longer(link.wrongClock, entry)
  else if (isRightAgain) link.wrongClock = undefined
  const counted = entry.messageSeq === undefined ? undefined : count(link, entry, entry.messageSeq)
  const isUsual = clock !== 'wrong' && !isRightAgain && !counted && entry.rejected === undefined
  if (isUsual) return undefined
  return { clock, wrongClock: link.wrongClock, rejected: entry.rejected ?? 0, counted }
}

const right: LinkFacts = { clock: 'right', wrongClock: undefined, rejected: 0, counted: undefined }
const unknown: LinkFacts = { ...right, clock: 'unknown' }

/** Facts of a message for which `recordLink` returned undefined. */
export function usualLinkFacts(entry: DeviceEntry): LinkFacts {
  return clockOf(entry) === 'right' ? right : unknown
}

/**
 * Whether the clock is more than an hour behind by a constant time, so that its readings are current and not buffered.
 * Without this a lift whose clock fell back to a date years ago would be monitored by no rule, and a home with one
 * sensor hours behind would never be seen as occupied again.
 */
export function isConstantlyBehind({ wrongClock }: LinkState, entry: DeviceEntry): boolean {
  if (wrongClock?.way !== 'behind' || !isFarBehind(entry)) return false
  return wrongClock.count >= minCount && entry.receivedAt - wrongClock.since >= minDuration
}

/** Buffered, or sent by a clock that is behind. */
const isFarBehind = ({ quality, receivedAt, ts }: DeviceEntry): boolean =>
  quality === 'late' || (quality === 'live' && receivedAt - ts > farBehind)

function clockOf(entry: DeviceEntry): LinkFacts['clock'] {
  const { kind, quality, claimedTs } = entry
  // The hub sets the time of a status; static facts may be old.
  if (kind === 'status' || kind === 'meta') return 'unknown'
  if (quality === 'live') return isFarBehind(entry) ? 'wrong' : 'right'
  return quality === 'unset' && claimedTs === undefined ? 'unknown' : 'wrong'
}

const ways = { future: 'ahead', late: 'behind', live: 'behind', unset: 'unset' } as const

function longer(
  run: WrongClock | undefined,
  { quality, receivedAt, ts, claimedTs }: DeviceEntry,
): WrongClock {
  const way = ways[quality]
  const by = receivedAt - (claimedTs ?? ts)
  const goesOn = run?.way === way && (way !== 'behind' || Math.abs(by - run.by) <= tolerance)
  return goesOn ? { ...run, count: run.count + 1 } : { way, count: 1, since: receivedAt, by }
}

/** Counts a message number; returns the figures of the period when this message ends it. */
function count(link: LinkState, { ts, receivedAt }: DeviceEntry, seq: number): MessageCount | undefined {
  const { numbers } = link
  if (!numbers) {
    link.numbers = begin(receivedAt, { lowest: seq, highest: seq, highestTs: ts, received: 1 })
    return undefined
  }
  if (receivedAt < numbers.since + countPeriod) {
    add(numbers, seq, ts)
    return undefined
  }
  // No number increased in a whole period: the time or the numbers restarted, so nothing can be counted.
  if (numbers.before === 0 && numbers.highest < numbers.lowest) {
    link.numbers = begin(receivedAt, { lowest: seq, highest: seq, highestTs: ts, received: 1 })
    return undefined
  }
  const expected = numbers.before + numbers.highest - numbers.lowest + 1
  const lost = Math.max(0, expected - numbers.received)
  const { highest, highestTs, above } = numbers
  link.numbers = begin(receivedAt, { lowest: highest + 1, highest, highestTs, received: above })
  add(link.numbers, seq, ts)
  return { since: numbers.since, until: receivedAt, expected, lost }
}

type First = Omit<Numbers, 'since' | 'before' | 'above'>

function begin(since: number, { lowest, highest, highestTs, received }: First): Numbers {
  return { since, lowest, highest, highestTs, received, above: 0, before: 0 }
}

function add(numbers: Numbers, seq: number, ts: number): void {
  const { highest, highestTs } = numbers
  if (seq === highest) return
  if (seq > highest && ts < highestTs) {
    numbers.received += 1
    numbers.above += 1
    return
  }
  if (seq > highest && seq - highest <= maxGap) {
    numbers.highest = seq
    numbers.highestTs = ts
    numbers.received += 1
    return
  }
  if (seq < highest && !isRestart(numbers, seq, ts)) {
    // A number from before the period was counted as lost there.
    if (seq >= numbers.lowest) numbers.received += 1
    return
  }
  numbers.before += highest - numbers.lowest + 1
  numbers.lowest = seq
  numbers.highest = seq
  numbers.highestTs = ts
  numbers.received += 1
}

/** An overtaken message is older than those before it; a message after a restart is newer. */
function isRestart({ highest, highestTs }: Numbers, seq: number, ts: number): boolean {
  if (ts < highestTs) return false
  return seq <= firstNumbers || highest - seq >= maxOvertaking || ts > highestTs
}
