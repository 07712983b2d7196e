/** What a history chart needs: bucket width, gaps and alert bands. Pure. */
import type { Alert } from '../../model/alert.ts'
import type { DeviceHistory } from '../../model/api.ts'
import type { DeviceType } from '../../model/device-type.ts'
import type { HistoryPoint } from '../../model/ports/history.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** Readable on an axis; whole hours from 1 h on, so that hourly roll-ups can be used. */
const bucketWidths = [
  10 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  24 * hour,
  7 * 24 * hour,
]

/** Longer silence is a gap: mains devices report every 10 min, battery devices every 25 h (zigbee2mqtt; rule D1). */
const maxSilence = { mains: 10 * minute, battery: 25 * hour } as const

/** Width in ms of the narrowest bucket that needs at most `points` of them; 0 = raw readings. */
export function bucketWidth(span: number, points: number): number {
  const ideal = span / points
  if (ideal <= second) return 0
  return bucketWidths.find((width) => width >= ideal) ?? Math.ceil(ideal / (24 * hour)) * 24 * hour
}

export interface GapQuery {
  readonly from: number
  /** At most now: future time is not a gap. */
  readonly to: number
  readonly bucket: number
  readonly power: DeviceType['power']
}

/** Spans without data that are longer than this kind of device stays silent. */
export function findGaps(points: readonly HistoryPoint[], query: GapQuery): { from: number; to: number }[] {
  const longestSilence = Math.max(maxSilence[query.power], 2 * query.bucket)
  const gaps: { from: number; to: number }[] = []
  let coveredUntil = query.from
  for (const { at } of points) {
    if (at - coveredUntil > longestSilence) gaps.push({ from: coveredUntil, to: at })
    coveredUntil = at + query.bucket
  }
  if (query.to - coveredUntil > longestSilence) gaps.push({ from: coveredUntil, to: query.to })
  return gaps
}

/** Alert episodes to draw, oldest first; retracted alerts are left out. */
export function alertBands(alerts: readonly Alert[]): DeviceHistory['bands'] {
  return alerts
    .filter((alert) => !alert.retracted)
    .map(({ id, raisedAt, clearedAt, severity }) => ({
      alertId: id,
      from: raisedAt,
      to: clearedAt,
      severity,
    }))
    .sort((a, b) => a.from - b.from)
}
