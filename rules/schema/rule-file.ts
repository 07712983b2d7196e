/** The shape of a rule file (YAML, one rule per file). Expressions and references are checked by `compile-rules.ts`. */
import { z } from 'zod'
import { alertKinds, severities } from '../../model/severity.ts'
import { conditionKinds } from '../conditions/table.ts'
import { signalKinds } from '../signals/table.ts'
import { duration, expressionText, parameter } from './fields.ts'

const ruleId = z.string().regex(/^[a-z][a-z0-9-]{1,63}$/, 'an id has small letters, digits and -')
const name = z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/, 'a name has letters and digits and begins small')
const shortText = z.string().max(500).regex(/\S/, 'must not be empty')
const longText = z.string().max(1000).regex(/\S/, 'must not be empty')
/** A text for people, in both languages. */
const text = z.strictObject({ zh: shortText, en: shortText })

/** Named values, at most `most`; default none. */
const table = <V extends z.ZodType>(most: number, value: V) =>
  z
    .record(name, value)
    .refine((entries) => Object.keys(entries).length <= most, `at most ${most} of them`)
    .default({})

/** The text of one rule file. */
export interface RuleSource {
  /** File name, named in problems. */
  readonly source: string
  readonly text: string
}

/** The subject of a rule: one device, or all devices with the same home, circuit … */
export const groupings = ['device', 'home', 'circuit', 'gateway', 'building', 'site'] as const
export type Grouping = (typeof groupings)[number]

/** `{ name: { … } }` with exactly one name of a table. */
function oneOf(what: string, table: ReadonlyMap<string, { readonly schema: z.ZodType }>) {
  const names = [...table.keys()]
  return z.record(z.string(), z.unknown()).check((context) => {
    const found = Object.keys(context.value)
    const name = found[0]
    if (found.length === 1 && name && table.has(name)) return
    context.issues.push({
      code: 'custom',
      input: context.value,
      message: `exactly one ${what} of ${names.join(', ')} is needed, not ${found.join(' and ') || 'none'}`,
    })
  })
}

export const conditionSpec = oneOf('condition', conditionKinds)
const signalSpec = oneOf('signal', signalKinds)

/** From the least specific to the most. */
export const overridePlaces = [
  'sites',
  'grids',
  'buildings',
  'gateways',
  'circuits',
  'homes',
  'devices',
] as const
export type OverridePlace = (typeof overridePlaces)[number]

const placeIds = z.array(z.string().min(1).max(64)).min(1).max(1000).optional()

const overrideSpec = z.strictObject({
  sites: placeIds,
  grids: placeIds,
  buildings: placeIds,
  gateways: placeIds,
  circuits: placeIds,
  homes: placeIds,
  devices: placeIds,
  /** Only devices of these types; without a place: everywhere. */
  types: z.array(z.string()).min(1).max(50).optional(),
  /** False = the rule is off there. */
  enabled: z.boolean().optional(),
  severity: z.enum(severities).optional(),
  parameters: z.record(z.string(), parameter).optional(),
})

export type Override = z.output<typeof overrideSpec>

export const ruleFile = z.strictObject({
  id: ruleId,
  /** Its reference in the domain notes, e.g. `E1`. */
  ref: z.string().regex(/^[A-Z]\d{1,2}[a-z]?$/, 'a reference looks like E1 or H12'),
  title: text,
  kind: z.enum(alertKinds),
  severity: z.enum(severities),
  /** Source of the thresholds, for people who change them. One plain text counts for both languages. */
  source: z.preprocess(
    (written) => (typeof written === 'string' ? { zh: written, en: written } : written),
    z.strictObject({ zh: longText, en: longText }),
  ),
  applies: z.strictObject({
    /** Device types, or `*` for all. */
    types: z.union(
      [z.literal('*'), z.array(z.string()).min(1).max(50)],
      'types are * or a list such as [bin, door]',
    ),
    of: z.enum(groupings).default('device'),
  }),
  /** Which devices; may use only facts that do not change (meta, home). */
  where: expressionText.optional(),
  /** While true nothing begins; open episodes continue and may end. */
  mute: expressionText.optional(),
  /** Named thresholds; `$name` stands for one in the condition, the bare name in expressions (durations: seconds). */
  parameters: table(50, parameter),
  /** Labels of parameters; `unit` of a number, or one of `share` (0 to 1), `hour` (of the day), `day`. */
  labels: table(50, text.extend({ unit: z.string().min(1).max(12).optional() })),
  /** Each may use the signals above it. */
  signals: table(8, signalSpec),
  condition: conditionSpec,
  /** Other severities while `when` is true, most severe first; otherwise `severity`. */
  steps: z
    .array(
      z.strictObject({
        when: expressionText,
        clear: expressionText.optional(),
        severity: z.enum(severities),
      }),
    )
    .max(4)
    .default([]),
  /** Exceptions by place: other parameters, another severity, or off. */
  overrides: z.array(overrideSpec).max(200).default([]),
  /** Ids of rules whose alerts on the same devices are inhibited while this one is active. */
  inhibits: z.array(ruleId).max(50).default([]),
  /** Ids of rules whose work orders are done when this one begins; it raises no alert itself. */
  completes: z.array(ruleId).min(1).max(50).optional(),
  /** A repetition at the same device within this time after a case was opened belongs to that case. */
  sameCase: duration.refine((value) => value > 0, 'must be greater than 0').optional(),
  /** Reason text; `{name}` is a field that the rule reads, a fact of meta, a parameter (`{nameHours}` for a duration) or a figure. */
  reason: text,
  /** Reasons for variants of the condition, e.g. `lastWill`. */
  reasons: table(20, text),
})

export type RuleFile = z.output<typeof ruleFile>
