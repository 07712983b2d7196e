/** Rules as people see, try and change them: the port between the rules and the screens, and the bodies of the API. */
import { z } from 'zod'
import { personText } from './api.ts'
import type { Problem } from './errors.ts'
import type { CommandContext } from './ports/commands.ts'
import type { RuleVersion } from './rule-version.ts'
import type { AlertKind, Severity } from './severity.ts'
import type { Text } from './text.ts'

/** Characters of a rule file; the largest shipped one has under 4,000. */
const ruleText = z.string().max(32_000)

export const ruleCheckBody = z.strictObject({
  text: ruleText,
  /** It is to be a rule that is not there yet. */
  isNew: z.boolean().default(false),
})
export const ruleSaveBody = z.strictObject({
  text: ruleText,
  /** Why; kept with the version. */
  reason: personText(2000).min(1),
  /** The newest version when it was opened (0 = only the rule file); null = a rule that is not there yet. */
  base: z.int().min(0).nullable(),
  enabled: z.boolean().default(true),
})
export const ruleTryBody = z.strictObject({ text: ruleText, days: z.int().min(1).max(30) })

export type RuleSave = z.output<typeof ruleSaveBody>

export interface RuleSummary {
  readonly id: string
  readonly ref: string
  readonly title: Text
  readonly kind: AlertKind
  readonly severity: Severity
  /** Device types that it watches. */
  readonly types: readonly string[]
  /** Where its thresholds come from. */
  readonly source: Text
  /** The version in force; 0 = the rule file. */
  readonly version: number
  readonly enabled: boolean
  /** Of the version in force; null for the rule file. */
  readonly savedAt: number | null
  readonly savedBy: string | null
  /** Devices, homes … on which it failed and is passed over, since the hub or its version started. */
  readonly failures: number
  /** The newest saved version cannot be read by this hub; the rule file stands in for it. */
  readonly isFaulty: boolean
}

export interface RuleDetail extends RuleSummary {
  /** Of the version in force. */
  readonly text: string
  readonly reason: Text
  /** The rule file (version 0); null when there is none. */
  readonly fileText: string | null
  /** Saved ones, newest first. */
  readonly versions: readonly RuleVersion[]
  readonly failed: readonly { readonly subject: string; readonly count: number; readonly message: string }[]
  /** What is wrong with the newest saved version, when it is faulty. */
  readonly faults: readonly Problem[]
}

/** What a new rule may begin with; it judges nobody. */
export type RuleTemplate = Pick<RuleDetail, 'id' | 'title' | 'text'>

/** Throws NOT_FOUND for a rule that is not there. */
export interface RuleRegistry {
  list(): readonly RuleSummary[]
  templates(): readonly RuleTemplate[]
  detail(id: string): Promise<RuleDetail>
  /** What is wrong with this text as the rule `id`, which `isNew` or is there; empty = it could be saved. */
  check(id: string, text: string, isNew?: boolean): readonly Problem[]
  /**
   * Stores a new version and lets it judge from the next entry of the journal on. Throws RULES_INVALID with every problem,
   * and CONFLICT when somebody saved in between or nothing is different; then nothing has changed.
   */
  save(id: string, request: RuleSave, context: CommandContext): Promise<RuleVersion>
}
