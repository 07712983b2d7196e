/**
 * Which sensors of a home are alive, so that a dead sensor is not mistaken for a silent person. A sensor is dead after the
 * offline limit, or earlier when it usually reports much more often, because a gateway failure silences all of them. Pure.
 */
import type { MemberFacts, Sample } from '../condition.ts'

const minuteMs = 60_000
/** Resolution of `lastSeen` in minutes, so that most messages do not change the state. */
const resolution = 30
/**
 * Factor applied to a usual gap whenever a shorter one is recorded. A sensor that reports hourly loses a third per week: one
 * lost message doubles its gap, yet a gap that occurs once a week still counts, given the margin.
 */
const gapDecay = 0.998
/** A sensor may be silent for this multiple of its usual gap, and for `minSilence` (ms) in any case. */
const gapMargin = 2
export const minSilence = 2 * 3_600_000
/** Usual gaps are known after this time (ms): it covers every hour of the day and a weekend. */
const learningTime = 7 * 86_400_000

export interface SensorHealth {
  /** Start of the record, minutes since 1970. */
  readonly since?: number
  /** Newest message of each device, minutes since 1970. */
  readonly lastSeen: Readonly<Record<string, number>>
  /** Longest usual time between two messages of a device, minutes. */
  readonly usualGaps: Readonly<Record<string, number>>
  /** Devices that went offline (Last Will) and have sent nothing since. */
  readonly offline?: readonly string[]
  /** Minutes by which a device's clock is slow, when all its messages have been since the first. */
  readonly clockLags?: Readonly<Record<string, number>>
}

export const formerHealthKeys = {
  vitals: 'health',
  spoke: 'lastSeen',
  paces: 'usualGaps',
  gone: 'offline',
  lags: 'clockLags',
} as const

const emptyHealth: SensorHealth = { lastSeen: {}, usualGaps: {} }

/** Clock differences below this are network delay. Minutes. */
const minClockLag = 5

const deviceOf = ({ subject, member }: Sample): string => subject.members[member]?.device.id ?? ''

/** Event time of a message, ms, corrected for a slow device clock; never later than its arrival. */
export function correctedTime(health: SensorHealth | undefined, sample: Sample): number {
  const lag = health?.clockLags?.[deviceOf(sample)] ?? 0
  return Math.min(sample.receivedAt, sample.ts + lag * minuteMs)
}

/** Only the first message sets a lag; later ones can only reduce it, because buffered messages are late without a slow clock. */
function updateClockLags(
  { clockLags, lastSeen }: SensorHealth,
  device: string,
  lag: number,
): SensorHealth['clockLags'] {
  const known = lastSeen[device] === undefined ? lag : clockLags?.[device]
  if (known === undefined) return clockLags
  const smallest = Math.min(known, lag)
  if (smallest === clockLags?.[device]) return clockLags
  const { [device]: _, ...others } = clockLags ?? {}
  return smallest > minClockLag ? { ...others, [device]: smallest } : others
}

/**
 * Records a message, or that its device went offline; the same object when nothing changes. A gap longer than
 * `offlineAfter` (ms) was a dead sensor and is not usual; without it only devices that went offline are recorded.
 */
export function recordSample(
  health: SensorHealth | undefined,
  sample: Sample,
  offlineAfter: number | undefined,
): SensorHealth | undefined {
  const known = health ?? emptyHealth
  if (sample.offline) return recordOffline(known, deviceOf(sample))
  return offlineAfter === undefined ? health : recordMessage(known, sample, offlineAfter)
}

function recordMessage(health: SensorHealth, sample: Sample, offlineAfter: number): SensorHealth {
  const { ts, receivedAt } = sample
  const device = deviceOf(sample)
  const now = Math.floor(ts / minuteMs)
  const last = health.lastSeen[device]
  const wasOffline = health.offline?.includes(device) === true
  if (!wasOffline && last !== undefined && now < last + resolution) return health
  const offline = health.offline?.filter((id) => id !== device)
  const lastSeen = { ...health.lastSeen, [device]: Math.max(now, last ?? now) }
  const since = health.since ?? now
  const clockLags = updateClockLags(health, device, Math.round((receivedAt - ts) / minuteMs))
  const gap = last === undefined || wasOffline ? 0 : now - last
  const known = health.usualGaps[device] ?? 0
  const usualGap =
    gap * minuteMs > offlineAfter ? known : Math.max(gap, Math.round(known * gapDecay * 10) / 10)
  return {
    since,
    lastSeen,
    usualGaps: usualGap === known ? health.usualGaps : { ...health.usualGaps, [device]: usualGap },
    ...(offline && offline.length > 0 && { offline }),
    ...(clockLags && Object.keys(clockLags).length > 0 && { clockLags }),
  }
}

function recordOffline(health: SensorHealth, device: string): SensorHealth {
  if (health.offline?.includes(device)) return health
  return { ...health, offline: [...(health.offline ?? []), device] }
}

/** The record is long enough for usual gaps. */
export const hasUsualGaps = (health: SensorHealth | undefined, at: number): boolean =>
  health?.since !== undefined && at - health.since * minuteMs >= learningTime

interface Liveness {
  readonly health: SensorHealth | undefined
  /** The usual gaps are known well enough to count. */
  readonly gapsKnown: boolean
  readonly offlineAfter: number
  readonly at: number
}

export function isAlive(
  { device, lastSeenAt }: MemberFacts,
  { health, gapsKnown, offlineAfter, at }: Liveness,
): boolean {
  if (lastSeenAt === undefined || health?.offline?.includes(device.id)) return false
  const usualGap = gapsKnown ? health?.usualGaps[device.id] : undefined
  const limit =
    usualGap === undefined
      ? offlineAfter
      : Math.min(offlineAfter, Math.max(minSilence, gapMargin * usualGap * minuteMs))
  return at - lastSeenAt <= limit
}
