/** How much work it is to compile a rule: a text of a few lines can ask for hours of it. Pure. */
import type { RuleFile } from './rule-file.ts'

/** Characters that are compiled at most. A little over half a second on one core; every shipped rule could have 200 overrides. */
export const maxCost = 1_700_000
/** What every type of device costs besides, in characters: its words are prepared. */
const perType = 500

/** Everything is compiled for each type of device, and again for each override. */
export function costOf(file: RuleFile, knownTypes: number): number {
  const { condition, signals, steps, mute = '', where = '', applies, overrides } = file
  const types = applies.types === '*' ? knownTypes : applies.types.length
  const length = JSON.stringify([condition, signals, steps, mute, where]).length
  return (perType + length) * types * (1 + overrides.length)
}
