/** Converts a history into columns for the chart and rows for the table. Pure. */
import type { DeviceHistory } from '../../../../model/api.ts'
import type { Field } from '../../../../model/device-type.ts'
import type { HistoryPoint } from '../../../../model/ports/history.ts'
import { isShare } from '../../shared/format.ts'

type Cell = number | null

export interface ChartColumns {
  /** Seconds since 1970, ascending. */
  readonly x: readonly number[]
  readonly y: readonly Cell[]
  readonly low: readonly Cell[]
  readonly high: readonly Cell[]
  /** Values of a field that is not a number; `y` contains indexes of it. Null for numbers. */
  readonly words: readonly string[] | null
  /** True when `y` is the increase of a counter per bucket. */
  readonly increase: boolean
  /** True when only whole numbers are meaningful, e.g. floors. */
  readonly whole: boolean
}

/** A gap becomes a null after its last point, so that the curve is interrupted. */
export function chartColumns(
  history: Pick<DeviceHistory, 'points' | 'gaps'>,
  field: Field | undefined,
): ChartColumns {
  const words = field?.kind === 'number' ? null : wordsOf(history.points, field)
  const increase =
    field?.kind === 'number' && field.counter === true && history.points.some((p) => p.increase !== undefined)
  const scale = field && isShare(field) ? 100 : 1
  const yOf = (point: HistoryPoint): Cell => {
    if (words) return words.indexOf(wordOf(point.value))
    const value = increase ? (point.increase ?? null) : point.value
    return typeof value === 'number' ? value * scale : null
  }
  const scaled = (value: number | undefined): Cell => (value === undefined ? null : value * scale)
  const rows = history.points.map((point) => ({
    x: point.at / 1000,
    y: yOf(point),
    low: increase ? null : scaled(point.min),
    high: increase ? null : scaled(point.max),
  }))
  const empty = history.gaps.map((gap) => ({ x: gap.from / 1000, y: null, low: null, high: null }))
  const all = [...rows, ...empty].sort((a, b) => a.x - b.x || Number(a.y === null) - Number(b.y === null))
  return {
    x: all.map((row) => row.x),
    y: all.map((row) => row.y),
    low: all.map((row) => row.low),
    high: all.map((row) => row.high),
    words,
    increase,
    whole: field?.kind === 'number' && field.integer === true,
  }
}

const alphabetical = (a: string, b: string): number => a.localeCompare(b)
const wordOf = (value: HistoryPoint['value']): string => String(value)

/** Words of an enum in the order of its description; others in alphabetical order. */
function wordsOf(points: readonly HistoryPoint[], field: Field | undefined): string[] {
  if (field?.kind === 'boolean') return ['true', 'false']
  const seen = new Set(points.map((point) => wordOf(point.value)))
  if (field?.kind !== 'enum') return [...seen].sort(alphabetical)
  return [
    ...field.values.filter((word) => seen.has(word)),
    ...[...seen].filter((w) => !field.values.includes(w)).sort(alphabetical),
  ]
}

export interface ChartRow {
  readonly at: number
  /** Absent for a gap. */
  readonly point?: HistoryPoint
  /** End of the gap. */
  readonly until?: number
}

/** Points and gaps in one list, newest first. */
export function chartRows(history: Pick<DeviceHistory, 'points' | 'gaps'>): ChartRow[] {
  return [
    ...history.points.map((point) => ({ at: point.at, point })),
    ...history.gaps.map((gap) => ({ at: gap.from, until: gap.to })),
  ].sort((a, b) => b.at - a.at)
}

/** Axis range for values from `low` to `high`, with padding; never too narrow for a grid line. */
export function valueRange(low: number | null, high: number | null, whole = false): [number, number] {
  if (low === null || high === null) return [0, 1]
  const size = Math.max(Math.abs(low), Math.abs(high))
  // Differences from rounding count as equal: grid steps of 1e-14 would never end.
  const flat = high - low <= size * 1e-9
  const pad = Math.max(flat ? size * 0.1 || 1 : (high - low) * 0.08, whole && flat ? 1 : 0)
  return [low >= 0 && low - pad < 0 ? 0 : low - pad, high + pad]
}

/** The preselected field: the first preferred number, else the first preferred field, else the first number. */
export function defaultField(
  fields: readonly (readonly [string, Field])[],
  likely: readonly string[],
): string {
  const known = new Map(fields)
  const isNumber = (name: string): boolean => known.get(name)?.kind === 'number'
  const available = likely.filter((name) => known.has(name))
  return (
    available.find(isNumber) ??
    available[0] ??
    fields.find(([, field]) => field.kind === 'number')?.[0] ??
    fields[0]?.[0] ??
    ''
  )
}
