/**
 * Which sensors of a home are alive, so that a dead one is never taken for a silent person. A sensor is dead after the
 * offline limit, and sooner when it usually speaks much more often: all that a gateway carries falls silent at once. Pure.
 */
import type { MemberFacts } from '../condition.ts'

const minuteMs = 60_000
/** When a sensor last spoke is noted to within so many minutes, so that most messages change nothing. */
const coarse = 30
/**
 * What is left of a pace at the next note of a shorter one. Of a sensor that speaks every hour a third in a week: one lost
 * message doubles the pace, and what comes once a week must still count with the margin.
 */
const fading = 0.998
/** So much longer than usual a sensor may be silent, and so long (ms) in any case. */
const margin = 2
export const leastSilence = 2 * 3_600_000
/** Paces are known after so long (ms): every hour of the day and the weekend were seen. */
const pacedAfter = 7 * 86_400_000

export interface Vitals {
  /** Since when they are noted, minutes since 1970. */
  readonly since?: number
  /** When each device last spoke, minutes since 1970. */
  readonly spoke: Readonly<Record<string, number>>
  /** Longest usual time between two of its messages, minutes. */
  readonly paces: Readonly<Record<string, number>>
  /** Devices whose line was cut (Last Will) and that said nothing since. */
  readonly gone?: readonly string[]
  /** By how much (minutes) the clock of a device is behind for good: all its messages are, since the first. */
  readonly lags?: Readonly<Record<string, number>>
}

export const noVitals: Vitals = { spoke: {}, paces: {} }

/** A smaller difference is the way to the hub. */
const leastLag = 5

/** When a message was said, ms: its clock may be behind those of the others, and nothing is said after it was heard. */
export function meantAt(
  vitals: Vitals | undefined,
  device: string,
  { ts, receivedAt }: Pick<Message, 'ts' | 'receivedAt'>,
): number {
  return Math.min(receivedAt, ts + (vitals?.lags?.[device] ?? 0) * minuteMs)
}

/** Only the first message begins a lag, and each one may lessen it: what is kept for the hub is late, and no clock is behind. */
function lagsAfter({ lags, spoke }: Vitals, device: string, minutes: number): Vitals['lags'] {
  const known = spoke[device] === undefined ? minutes : lags?.[device]
  if (known === undefined) return lags
  const least = Math.min(known, minutes)
  if (least === lags?.[device]) return lags
  const { [device]: _, ...others } = lags ?? {}
  return least > leastLag ? { ...others, [device]: least } : others
}

export interface Message {
  readonly ts: number
  /** Hub clock, ms. */
  readonly receivedAt: number
  /** Offline limit, ms: a longer silence was a dead sensor. */
  readonly alive: number
}

/** A message of a device; the same object when it is nothing new. */
export function noteMessage(vitals: Vitals, device: string, { ts, receivedAt, alive }: Message): Vitals {
  const now = Math.floor(ts / minuteMs)
  const last = vitals.spoke[device]
  const isBack = vitals.gone?.includes(device) === true
  if (!isBack && last !== undefined && now < last + coarse) return vitals
  const gone = vitals.gone?.filter((id) => id !== device)
  const spoke = { ...vitals.spoke, [device]: Math.max(now, last ?? now) }
  const since = vitals.since ?? now
  const lags = lagsAfter(vitals, device, Math.round((receivedAt - ts) / minuteMs))
  const gap = last === undefined || isBack ? 0 : now - last
  const usual = vitals.paces[device] ?? 0
  const pace = gap * minuteMs > alive ? usual : Math.max(gap, Math.round(usual * fading * 10) / 10)
  return {
    since,
    spoke,
    paces: pace === usual ? vitals.paces : { ...vitals.paces, [device]: pace },
    ...(gone && gone.length > 0 && { gone }),
    ...(lags && Object.keys(lags).length > 0 && { lags }),
  }
}

export function noteGone(vitals: Vitals, device: string): Vitals {
  if (vitals.gone?.includes(device)) return vitals
  return { ...vitals, gone: [...(vitals.gone ?? []), device] }
}

/** They were noted for long enough that the paces say something. */
export const isPaced = (vitals: Vitals | undefined, at: number): boolean =>
  vitals?.since !== undefined && at - vitals.since * minuteMs >= pacedAfter

export interface Judging {
  readonly vitals: Vitals | undefined
  /** The paces are known well enough to count. */
  readonly paced: boolean
  /** Offline limit, ms. */
  readonly alive: number
  readonly at: number
}

export function isAlive(
  { device, lastSeenAt: heardAt }: MemberFacts,
  { vitals, paced, alive, at }: Judging,
): boolean {
  if (heardAt === undefined || vitals?.gone?.includes(device.id)) return false
  const pace = paced ? vitals?.paces[device.id] : undefined
  const limit = pace === undefined ? alive : Math.min(alive, Math.max(leastSilence, margin * pace * minuteMs))
  return at - heardAt <= limit
}
