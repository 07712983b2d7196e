/** Compares versions of a rule: whether they evaluate alike, and whether one can continue with the state of the other. */
import { createHash } from 'node:crypto'
import { conditionKinds } from '../conditions/table.ts'
import { withFormerKeys } from '../schema/former-keys.ts'
import type { RuleFile } from '../schema/rule-file.ts'

/** Hash of everything that affects evaluation; texts and former spellings of keys do not. Persisted in snapshots. */
export function fingerprintOf(file: RuleFile): string {
  const {
    title: _,
    reason: __,
    reasons: ___,
    source: ____,
    ref: _____,
    labels: ______,
    sameCase: _______,
    ...evaluated
  } = file
  return createHash('sha256')
    .update(JSON.stringify(withFormerKeys(evaluated)))
    .digest('base64url')
    .slice(0, 16)
}

/** Options that define what is measured; thresholds are not among them. */
const meaning = ['field', 'per', 'perDay', 'counter'] as const

/**
 * The kinds of a condition and of its parts, e.g. `any(predicate,absence)`. State is carried over only to a condition of the
 * same shape: a part must not continue with the state of another part. A rule that completes work does not continue the
 * episode of an alert either, because that alert would never end. Persisted in snapshots.
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
