/** A measure: a run that returns tables of figures and goals to compare them with. */

export type Cell = string | number

export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** A figure with its bound. */
export interface Goal {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly bound: { readonly atLeast: number } | { readonly atMost: number }
}

export interface Result {
  readonly tables: readonly Table[]
  readonly goals: readonly Goal[]
  /** Parts that were not measured, with the reason. */
  readonly skipped: readonly string[]
}

export interface MeasureContext {
  /** A short run: fewer messages and rounds; only the run of a million messages is left out. */
  readonly quick: boolean
  /** Receives progress messages; not part of the result. */
  readonly progress: (line: string) => void
  /** Settings of an InfluxDB to measure against; absent = none. */
  readonly influx: InfluxSettings | undefined
}

export interface InfluxSettings {
  readonly url: string
  readonly org: string
  readonly bucket: string
  readonly token: string
}

export interface Measure {
  readonly name: string
  readonly title: string
  run(context: MeasureContext): Promise<Result>
}

/** True when the value is within its bound. */
export function isReached({ value, bound }: Goal): boolean {
  return 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost
}

/** The median; the mean of the middle two for an even count, NaN when empty. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Rounded to three significant digits or whole numbers, because more would not be significant. */
export function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3))
}
