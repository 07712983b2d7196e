/** Values that several schemas of rule files share: durations, expressions, parameters. */
import { z } from 'zod'

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const pattern = /^\d+(\.\d+)?(ms|s|m|h|d)( ?\d+(\.\d+)?(ms|s|m|h|d))*$/

/** Ten years, ms: a longer duration is a typing error. */
const maxDuration = 3653 * 86_400_000

/** Milliseconds of `45s`, `10m`, `48h`, `7d` or `1h 30m`; undefined when the text is not a duration. Never negative. */
export function parseDuration(text: string): number | undefined {
  if (text.length > 32 || !pattern.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (units[unit ?? ''] ?? Number.NaN)
  }
  return total <= maxDuration ? total : undefined
}

/** `45s`, `10m`, `48h` … to milliseconds. */
export const duration = z.string().transform((text, context) => {
  const value = parseDuration(text)
  if (value !== undefined) return value
  context.addIssue({
    code: 'custom',
    message: `"${text}" is not a duration such as 45s, 10m, 48h (never negative, at most ten years)`,
  })
  return z.NEVER
})

/** A CEL expression that gives true or false. */
export const expressionText = z.string().min(1)

/** A named threshold. */
export const parameter = z.union(
  [z.number(), z.boolean(), z.string().max(64)],
  'a parameter is a number, true, false or a text of up to 64 characters',
)
