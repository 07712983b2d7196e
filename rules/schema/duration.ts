/** Durations as people write them in rule files: `45s`, `10m`, `48h`, `7d`, `1h 30m`. */

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const pattern = /^\d+(\.\d+)?(ms|s|m|h|d)( ?\d+(\.\d+)?(ms|s|m|h|d))*$/

/** Ten years; a rule that waits longer has a slip in it, and much more would be no time at all. */
const maxDuration = 3653 * 86_400_000

/** Milliseconds, or undefined when the text is not a duration. Never negative. */
export function parseDuration(text: string): number | undefined {
  if (text.length > 32 || !pattern.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (units[unit ?? ''] ?? Number.NaN)
  }
  return total <= maxDuration ? total : undefined
}
