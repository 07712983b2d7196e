/** API answers about rules as zod schemas, for the OpenAPI page; `satisfies` checks them against the types of model/. */
import { z } from 'zod'
import type { RuleDetail, RuleSummary, RuleTemplate } from '../../../model/rule-registry.ts'
import type { TrialAlert, TrialResult, TrialState } from '../../../model/rule-trial.ts'
import type { RuleVersion } from '../../../model/rule-version.ts'
import { alertKinds, severities } from '../../../model/severity.ts'
import { textSchema } from './schemas.ts'

const timestamp = z.number().describe('ms since 1970-01-01 UTC')
const list = <T extends z.ZodType>(schema: T) => z.array(schema).readonly()

export const problemSchema = z
  .object({
    source: z.string(),
    line: z.number().optional().describe('1-based'),
    column: z.number().optional().describe('1-based'),
    path: z.string().optional(),
    message: z.string(),
    text: textSchema.optional().describe('the message in both languages, for screens'),
  })
  .meta({ id: 'Problem' })
export const problemsSchema = z.object({ problems: list(problemSchema) })

export const ruleVersionSchema = z
  .object({
    rule: z.string(),
    version: z.number(),
    text: z.string(),
    enabled: z.boolean(),
    author: z.string(),
    reason: z.string(),
    at: timestamp,
    afterSeq: z.number().describe('journal entries after this seq are evaluated by this version'),
  })
  .meta({ id: 'RuleVersion' }) satisfies z.ZodType<RuleVersion>

const summary = {
  id: z.string(),
  ref: z.string(),
  title: textSchema,
  kind: z.enum(alertKinds),
  severity: z.enum(severities),
  types: list(z.string()).describe('device types; * = all'),
  source: textSchema.describe('source of its thresholds'),
  version: z.number().describe('version in force; 0 = the rule file'),
  enabled: z.boolean(),
  savedAt: timestamp.nullable(),
  savedBy: z.string().nullable(),
  failures: z.number().describe('subjects (devices, homes, ...) for which it failed and is skipped'),
  isFaulty: z.boolean().describe('the newest saved version is not valid; the rule file is in force instead'),
}
const ruleSummary = z.object(summary) satisfies z.ZodType<RuleSummary>
export const ruleListItemSchema = ruleSummary.extend({ openAlerts: z.number() }).meta({ id: 'RuleSummary' })

export const ruleDetailSchema = z
  .object({
    ...summary,
    text: z.string(),
    reason: textSchema,
    fileText: z.string().nullable(),
    versions: list(ruleVersionSchema).describe('newest first'),
    failed: list(z.object({ subject: z.string(), count: z.number(), message: z.string() })),
    faults: list(problemSchema),
  })
  .meta({ id: 'RuleDetail' }) satisfies z.ZodType<RuleDetail>

export const ruleTemplateSchema = z
  .object({ id: z.string(), title: textSchema, text: z.string() })
  .meta({ id: 'RuleTemplate' }) satisfies z.ZodType<RuleTemplate>

const trialAlert = z
  .object({
    device: z.string(),
    subject: z.string(),
    place: textSchema,
    severity: z.enum(severities),
    raisedAt: timestamp,
    clearedAt: timestamp.nullable(),
    reason: textSchema,
  })
  .meta({ id: 'TrialAlert' }) satisfies z.ZodType<TrialAlert>
const listOf = <T extends z.ZodType>(schema: T) => z.object({ count: z.number(), newest: list(schema) })

export const trialResultSchema = z
  .object({
    from: timestamp,
    to: timestamp,
    entries: z.number(),
    proposed: listOf(trialAlert),
    current: listOf(trialAlert),
    added: listOf(trialAlert),
    removed: listOf(trialAlert),
    moved: listOf(z.object({ before: trialAlert, after: trialAlert })),
    same: z.number(),
    failures: z.object({ count: z.number(), first: z.string().nullable() }),
    missing: z.object({
      nothingBefore: timestamp.nullable().describe('no data is stored before this time'),
      valuesOnlyBefore: timestamp
        .nullable()
        .describe('before this time only values are stored: no events, status messages and delays'),
      beganAt: timestamp.nullable().describe('start of the trial when there was too much data'),
      endedAt: timestamp.nullable().describe('end of the trial when it took too long'),
    }),
  })
  .meta({ id: 'TrialResult' }) satisfies z.ZodType<TrialResult>

const trialBase = { rule: z.string(), days: z.number(), startedAt: timestamp }
export const trialStateSchema = z
  .discriminatedUnion('state', [
    z.object({ ...trialBase, state: z.literal('running'), progress: z.number().describe('0 to 1') }),
    z.object({ ...trialBase, state: z.literal('done'), result: trialResultSchema }),
    z.object({ ...trialBase, state: z.literal('failed'), message: z.string() }),
    z.object({ ...trialBase, state: z.literal('cancelled') }),
  ])
  .meta({ id: 'TrialState' }) satisfies z.ZodType<TrialState>
export const optionalTrialSchema = z.object({ trial: trialStateSchema.nullable() })
