/** Names and literals of InfluxQL, quoted against injection; and the measurements of the history. */

/** An identifier. */
export function quoteName(name: string): string {
  return `"${escapeQuoted(name, '"')}"`
}

/** A string literal. */
export function quoteText(text: string): string {
  return `'${escapeQuoted(text, "'")}'`
}

function escapeQuoted(text: string, quote: '"' | "'"): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll(quote, `\\${quote}`)
}

/** Largest time of InfluxDB, which stores ns in 64 bits. */
export const MAX_TIME_MS = 9_223_372_036_853

/** `from` inclusive, `to` exclusive; ms. */
export function timeWithin(from: number, to: number): string {
  return `time >= ${time(from)} AND time < ${time(to)}`
}

/** A time literal, clamped to the range of InfluxDB. */
export function time(ms: number): string {
  return `${Math.max(-MAX_TIME_MS, Math.min(MAX_TIME_MS, Math.ceil(ms)))}ms`
}

/** Measurements of the history, and those of its own state. */
export interface Names {
  readonly prefix: string
  readonly state: string
  readonly dirty: string
  readonly hourly: string
  of(name: string): string
}

/** `prefix` lets several hubs share one bucket. */
export function createNames(prefix: string): Names {
  const of = (name: string): string => `${prefix}${name}`
  return { prefix, of, state: of('linli_state'), dirty: of('linli_dirty'), hourly: of('linli_hourly') }
}
