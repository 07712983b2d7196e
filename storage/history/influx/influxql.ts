/** InfluxQL texts: names, words and times quoted so that no input can leave its place. */

export function quoteName(name: string): string {
  return `"${escapeQuoted(name, '"')}"`
}

export function quoteText(text: string): string {
  return `'${escapeQuoted(text, "'")}'`
}

function escapeQuoted(text: string, quote: '"' | "'"): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll(quote, `\\${quote}`)
}

/** InfluxDB counts ns in 64 bits; ms beyond this do not exist there. */
export const MAX_TIME_MS = 9_223_372_036_853

/** `from` inclusive, `to` exclusive; ms. */
export function timeWithin(from: number, to: number): string {
  return `time >= ${time(from)} AND time < ${time(to)}`
}

/** A time literal; whatever lies beyond what InfluxDB knows is its end. */
export function time(ms: number): string {
  return `${Math.max(-MAX_TIME_MS, Math.min(MAX_TIME_MS, Math.ceil(ms)))}ms`
}
