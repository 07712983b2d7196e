/** What is noted of the messages of one device as they come; most say nothing to note, and then nothing is made. */
import type { DeviceEntry } from '../../model/entry.ts'
import type { Counted, LinkFacts, WrongClock } from '../conditions/link-facts.ts'

/** Numbers of messages within one count; a restart of the device begins them anew. */
interface Numbers {
  /** Hub clock, ms: when the count began. */
  since: number
  lowest: number
  highest: number
  /** Event time (ms) of the highest. */
  highestTs: number
  received: number
  /**
   * Heard of them with a higher number, but an older time: sent before the device began anew, or by a clock that fell
   * back, whose numbers are counted only when it is right again.
   */
  above: number
  /** Numbers that were given before the device started anew. */
  before: number
}

/** Changed in place: this is the hot path. Plain data, saved with the device. */
export interface LinkState {
  wrongClock?: WrongClock
  numbers?: Numbers
}

/** A clock that is behind is so by the same time for good, give or take this; what is sent later catches up. */
const tolerance = 60_000
/** So long and so often before a clock that is a day behind is believed to be just that. */
const minDuration = 600_000
const minCount = 3
/** Nobody's message takes so long every time (ms); less is a slow line. */
const farBehind = 3_600_000
/** Lost messages are counted over so long (domain.md D8: a share a day). */
const countPeriod = 86_400_000
/** A number that falls by less than this is a message that was overtaken; the first numbers are always a restart. */
const maxOvertaking = 64
const firstNumbers = 1
/** A number that jumps by more than this was not counted up: the device began anew elsewhere. */
const maxGap = 100_000

/** Undefined when nothing is out of the usual; the facts are then those of `usualFacts`. */
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

/** Of a message of which `noteLine` has nothing to say. */
export function usualLinkFacts(entry: DeviceEntry): LinkFacts {
  return clockOf(entry) === 'right' ? right : unknown
}

/**
 * A clock that is more than an hour behind, and always by as much: what it says is of now, not sent later. Without this a
 * lift whose clock fell back to a day years ago would be watched by nobody, and who comes home where one sensor is hours
 * behind would never be back.
 */
export function isConstantlyBehind({ wrongClock }: LinkState, entry: DeviceEntry): boolean {
  if (wrongClock?.way !== 'behind' || !isFarBehind(entry)) return false
  return wrongClock.count >= minCount && entry.receivedAt - wrongClock.since >= minDuration
}

/** Sent later, or by a clock that is behind. */
const isFarBehind = ({ quality, receivedAt, ts }: DeviceEntry): boolean =>
  quality === 'late' || (quality === 'live' && receivedAt - ts > farBehind)

function clockOf(entry: DeviceEntry): LinkFacts['clock'] {
  const { kind, quality, claimedTs } = entry
  // The hub itself gives a status its time; static facts may have been written long ago.
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

/** Counts a number; tells of the time before when that is over with this message. */
function count(link: LinkState, { ts, receivedAt }: DeviceEntry, seq: number): Counted | undefined {
  const { numbers } = link
  if (!numbers) {
    link.numbers = begin(receivedAt, { lowest: seq, highest: seq, highestTs: ts, received: 1 })
    return undefined
  }
  if (receivedAt < numbers.since + countPeriod) {
    add(numbers, seq, ts)
    return undefined
  }
  // Nothing went on for a whole count: another time, or other numbers, since then.
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
    // One from before the count was missed there already.
    if (seq >= numbers.lowest) numbers.received += 1
    return
  }
  numbers.before += highest - numbers.lowest + 1
  numbers.lowest = seq
  numbers.highest = seq
  numbers.highestTs = ts
  numbers.received += 1
}

/** A message that was overtaken is older than those before it; one of a device that began anew is not. */
function isRestart({ highest, highestTs }: Numbers, seq: number, ts: number): boolean {
  if (ts < highestTs) return false
  return seq <= firstNumbers || highest - seq >= maxOvertaking || ts > highestTs
}
