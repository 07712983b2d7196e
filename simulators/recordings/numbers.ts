/** Numbers as recordings write them; what is not one is undefined, never 0. */

const decimal = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

export function parseDecimal(text: string): number | undefined {
  return decimal.test(text) ? Number(text) : undefined
}

export function parseWhole(text: string): number | undefined {
  const value = parseDecimal(text)
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined
}

/** Cuts the digits that binary fractions add (0.1 + 0.2). */
export function round(value: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}
