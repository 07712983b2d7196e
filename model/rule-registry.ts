/** Rules as people view, try and change them: the port between the rules and the console, and the bodies of the API. */
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
  /** The id must not exist yet. */
  isNew: z.boolean().default(false),
})
export const ruleSaveBody = z.strictObject({
  text: ruleText,
  /** Why; kept with the version. */
  reason: personText(2000).min(1),
  /** The newest version when the rule was opened (0 = only the rule file); null = a new rule. */
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
  /** Device types it applies to. */
  readonly types: readonly string[]
  /** Source of its thresholds. */
  readonly source: Text
  /** The active version; 0 = the rule file. */
  readonly version: number
  readonly enabled: boolean
  /** Of the active version; null for the rule file. */
  readonly savedAt: number | null
  readonly savedBy: string | null
  /** Subjects (devices, homes …) on which it failed and is skipped, since the hub or this version started. */
  readonly failures: number
  /** This hub cannot read the newest saved version and uses the rule file. */
  readonly isFaulty: boolean
}

export interface RuleDetail extends RuleSummary {
  /** The active text. */
  readonly text: string
  readonly reason: Text
  /** The rule file (version 0); null when there is none. */
  readonly fileText: string | null
  /** Saved ones, newest first. */
  readonly versions: readonly RuleVersion[]
  readonly failed: readonly { readonly subject: string; readonly count: number; readonly message: string }[]
  /** Problems of the newest saved version. */
  readonly faults: readonly Problem[]
}

/** A template for a new rule; it is never evaluated. */
export type RuleTemplate = Pick<RuleDetail, 'id' | 'title' | 'text'>

/** Throws NOT_FOUND for an unknown rule. */
export interface RuleRegistry {
  list(): readonly RuleSummary[]
  templates(): readonly RuleTemplate[]
  detail(id: string): Promise<RuleDetail>
  /** Problems of this text as the rule `id`, which is new or exists; empty = it can be saved. */
  check(id: string, text: string, isNew?: boolean): readonly Problem[]
  /**
   * Stores a new version, active from the next journal entry on. Throws RULES_INVALID with every problem, and CONFLICT when
   * somebody saved in between or the text is unchanged; then nothing is stored.
   */
  save(id: string, request: RuleSave, context: CommandContext): Promise<RuleVersion>
}
