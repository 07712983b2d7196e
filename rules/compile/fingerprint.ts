/** What of a rule decides how it judges: whether two versions judge alike, and whether one can go on with the other's memory. */
import { createHash } from 'node:crypto'
import { conditionKinds } from '../conditions/table.ts'
import { withFormerKeys } from '../schema/former-keys.ts'
import type { RuleFile } from '../schema/rule-file.ts'

/** Short text; the same for two rules that judge alike, whatever words they say it in. */
export function fingerprintOf(file: RuleFile): string {
  const {
    title: _,
    reason: __,
    reasons: ___,
    source: ____,
    ref: _____,
    labels: ______,
    sameCase: _______,
    ...judging
  } = file
  return createHash('sha256')
    .update(JSON.stringify(withFormerKeys(judging)))
    .digest('base64url')
    .slice(0, 16)
}

/** Options that say what remembered figures are figures of; thresholds are not among them. */
const meaning = ['field', 'per', 'perDay', 'counter'] as const

/**
 * The kinds of a condition and of its parts, e.g. `any,predicate,absence`. State is carried over to a condition of the
 * same shape only: a part must not go on with what another part remembered. Neither does a rule that completes work go
 * on with the episode of an alert: nobody would tell of its end.
 */
export function stateShapeOf({ condition, completes }: RuleFile): string {
  return [...(completes ? ['completes'] : []), ...shapesIn(condition)].join(',')
}

function shapesIn(spec: unknown): string[] {
  if (Array.isArray(spec)) return spec.flatMap(shapesIn)
  if (typeof spec !== 'object' || spec === null) return []
  return Object.entries(spec).flatMap(([key, value]) => {
    const inner = shapesIn(value)
    if (!conditionKinds.has(key)) return inner
    const parts = [...meaningOf(value), ...inner]
    return [parts.length > 0 ? `${key}(${parts.join(',')})` : key]
  })
}

function meaningOf(options: unknown): string[] {
  if (typeof options !== 'object' || options === null) return []
  const given = options as Readonly<Record<string, unknown>>
  return meaning.flatMap((key) =>
    given[key] === undefined ? [] : [`${key}=${String(given[key]).replaceAll('/', '|')}`],
  )
}
