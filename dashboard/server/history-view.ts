/** How a stretch of history is drawn: width of the buckets, spans without data, episodes behind the line. Pure. */
import type { Alert } from '../../model/alert.ts'
import type { DeviceHistory } from '../../model/api.ts'
import type { DeviceType } from '../../model/device-type.ts'
import type { HistoryPoint } from '../../model/ports/history.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** Widths people can read on an axis; whole hours from 1 h on, so that hourly roll-ups can answer. */
const widths = [
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

/** Silence that is a gap: mains devices are missed after 10 min, battery devices after 25 h (zigbee2mqtt; D1). */
const silence = { mains: 10 * minute, battery: 25 * hour } as const

/** Width in ms of the narrowest bucket that needs at most `points` of them; 0 = raw readings. */
export function bucketWidth(span: number, points: number): number {
  const wished = span / points
  if (wished <= second) return 0
  return widths.find((width) => width >= wished) ?? Math.ceil(wished / (24 * hour)) * 24 * hour
}

export interface GapQuery {
  readonly from: number
  /** Not later than now: what has not happened yet is not missing. */
  readonly to: number
  readonly bucket: number
  readonly power: DeviceType['power']
}

/** Spans without data that are longer than this kind of device is ever silent. */
export function findGaps(points: readonly HistoryPoint[], query: GapQuery): { from: number; to: number }[] {
  const longest = Math.max(silence[query.power], 2 * query.bucket)
  const gaps: { from: number; to: number }[] = []
  let heardUntil = query.from
  for (const { at } of points) {
    if (at - heardUntil > longest) gaps.push({ from: heardUntil, to: at })
    heardUntil = at + query.bucket
  }
  if (query.to - heardUntil > longest) gaps.push({ from: heardUntil, to: query.to })
  return gaps
}

/** The episodes to draw; one that late data took back never was. */
export function bandsOf(alerts: readonly Alert[]): DeviceHistory['bands'] {
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
