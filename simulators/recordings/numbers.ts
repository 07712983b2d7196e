/** Parses numbers in recordings; invalid text is undefined, never 0. */

const decimal = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** A decimal number, with or without exponent. */
export function parseDecimal(text: string): number | undefined {
  return decimal.test(text) ? Number(text) : undefined
}

/** A safe integer. */
export function parseWhole(text: string): number | undefined {
  const value = parseDecimal(text)
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined
}

/** Removes the digits that binary fractions add (0.1 + 0.2). */
export function round(value: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}
