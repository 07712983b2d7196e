/** Answers about rules as zod schemas, for the OpenAPI page; the compiler holds them to the types of model/. */
import { z } from 'zod'
import type { RuleDetail, RuleSummary, RuleTemplate } from '../../../model/rule-registry.ts'
import type { TrialAlert, TrialResult, TrialState } from '../../../model/rule-trial.ts'
import type { RuleVersion } from '../../../model/rule-version.ts'
import { alertKinds, severities } from '../../../model/severity.ts'
import { textSchema } from './schemas.ts'

const time = z.number().describe('ms since 1970-01-01 UTC')
const list = <T extends z.ZodType>(schema: T) => z.array(schema).readonly()

export const problemSchema = z
  .object({
    source: z.string(),
    line: z.number().optional().describe('1-based'),
    column: z.number().optional().describe('1-based'),
    path: z.string().optional(),
    message: z.string(),
    text: textSchema.optional().describe('the message for people at a screen'),
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
    at: time,
    afterSeq: z.number().describe('entries of the journal after it are judged by this version'),
  })
  .meta({ id: 'RuleVersion' }) satisfies z.ZodType<RuleVersion>

const summary = {
  id: z.string(),
  ref: z.string(),
  title: textSchema,
  kind: z.enum(alertKinds),
  severity: z.enum(severities),
  types: list(z.string()).describe('device types; * = all'),
  source: textSchema.describe('where its thresholds come from'),
  version: z.number().describe('in force; 0 = the rule file'),
  enabled: z.boolean(),
  savedAt: time.nullable(),
  savedBy: z.string().nullable(),
  failures: z.number().describe('devices, homes … on which it failed and is passed over'),
  isFaulty: z.boolean().describe('the newest saved version cannot be read; the rule file stands in'),
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
    raisedAt: time,
    clearedAt: time.nullable(),
    reason: textSchema,
  })
  .meta({ id: 'TrialAlert' }) satisfies z.ZodType<TrialAlert>
const listOf = <T extends z.ZodType>(schema: T) => z.object({ count: z.number(), newest: list(schema) })

export const trialResultSchema = z
  .object({
    from: time,
    to: time,
    entries: z.number(),
    proposed: listOf(trialAlert),
    current: listOf(trialAlert),
    added: listOf(trialAlert),
    removed: listOf(trialAlert),
    moved: listOf(z.object({ before: trialAlert, after: trialAlert })),
    same: z.number(),
    failures: z.object({ count: z.number(), first: z.string().nullable() }),
    missing: z.object({
      nothingBefore: time.nullable().describe('nothing is kept of before'),
      valuesOnlyBefore: time.nullable().describe('before this without events, status messages and delays'),
      beganAt: time.nullable().describe('there was so much that it began later than asked'),
      endedAt: time.nullable().describe('it took too long and ended there'),
    }),
  })
  .meta({ id: 'TrialResult' }) satisfies z.ZodType<TrialResult>

const about = { rule: z.string(), days: z.number(), startedAt: time }
export const trialStateSchema = z
  .discriminatedUnion('state', [
    z.object({ ...about, state: z.literal('running'), progress: z.number().describe('0 to 1') }),
    z.object({ ...about, state: z.literal('done'), result: trialResultSchema }),
    z.object({ ...about, state: z.literal('failed'), message: z.string() }),
    z.object({ ...about, state: z.literal('cancelled') }),
  ])
  .meta({ id: 'TrialState' }) satisfies z.ZodType<TrialState>
export const perhapsTrialSchema = z.object({ trial: trialStateSchema.nullable() })
