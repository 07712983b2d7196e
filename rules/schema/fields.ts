/** Parts of rule files that several schemas share. */
import { z } from 'zod'
import { parseDuration } from './duration.ts'

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

/** CEL that gives true or false. */
export const expressionText = z.string().min(1)

/** A named threshold. */
export const parameter = z.union(
  [z.number(), z.boolean(), z.string().max(64)],
  'a parameter is a number, true, false or a text of up to 64 characters',
)
