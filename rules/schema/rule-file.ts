/** The shape of a rule file (YAML, one rule a file). Expressions and references are checked by `compile-rules.ts`. */
import { z } from 'zod'
import { alertKinds, severities } from '../../model/severity.ts'
import { overrideSpec } from '../compile/overrides.ts'
import { conditionKinds } from '../conditions/table.ts'
import { signalKinds } from '../signals/table.ts'
import { duration, expressionText, parameter } from './fields.ts'

const id = z.string().regex(/^[a-z][a-z0-9-]{1,63}$/, 'an id has small letters, digits and -')
const word = z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/, 'a name has letters and digits and begins small')
const words = z.string().max(500).regex(/\S/, 'must say something')
const longWords = z.string().max(1000).regex(/\S/, 'must say something')
/** What people read, in both languages. */
const text = z.strictObject({ zh: words, en: words })

/** A table of at most so many entries. */
const table = <V extends z.ZodType>(most: number, value: V) =>
  z
    .record(word, value)
    .refine((entries) => Object.keys(entries).length <= most, `at most ${most} of them`)
    .default({})

/** One rule file as it was found. */
export interface RuleSource {
  /** File name, for problems. */
  readonly source: string
  readonly text: string
}

/** What a rule may be about besides one device: the devices that share this. */
export const groupings = ['device', 'home', 'circuit', 'gateway', 'building', 'site'] as const
export type Grouping = (typeof groupings)[number]

/** `{ name: { … } }` with exactly one name out of a table. */
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

export const ruleFile = z.strictObject({
  id,
  /** Its reference in the domain notes, e.g. `E1`. */
  ref: z.string().regex(/^[A-Z]\d{1,2}[a-z]?$/, 'a reference looks like E1 or H12'),
  title: text,
  kind: z.enum(alertKinds),
  severity: z.enum(severities),
  /** Where thresholds come from; shown to people who change them. One text alone stands for both languages. */
  source: z.preprocess(
    (written) => (typeof written === 'string' ? { zh: written, en: written } : written),
    z.strictObject({ zh: longWords, en: longWords }),
  ),
  applies: z.strictObject({
    /** Device types, or `*` for all. */
    types: z.union(
      [z.literal('*'), z.array(z.string()).min(1).max(50)],
      'types are * or a list such as [bin, door]',
    ),
    of: z.enum(groupings).default('device'),
  }),
  /** Which devices: only facts that do not change (meta, home). */
  where: expressionText.optional(),
  /** While true nothing begins; what has begun goes on and may end. */
  mute: expressionText.optional(),
  /** Named thresholds; `$name` stands for one in the condition, the bare name in expressions (durations: seconds). */
  parameters: table(50, parameter),
  /** What people read of them; the unit of a number, or one of `share` (0 to 1), `hour` (of the day), `day`. */
  labels: table(50, text.extend({ unit: z.string().min(1).max(12).optional() })),
  /** Each may ask for those above it. */
  signals: table(8, signalSpec),
  condition: conditionSpec,
  /** Severities that hold while `when` is true, most severe first; otherwise `severity`. */
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
  /** Where it is otherwise: other parameters, another severity, or switched off. */
  overrides: z.array(overrideSpec).max(200).default([]),
  /** Ids of rules whose alerts on the same devices this one explains. */
  inhibits: z.array(id).max(50).default([]),
  /** Ids of rules whose problem is solved when this begins: it raises no alert, and work orders of theirs are done. */
  completes: z.array(id).min(1).max(50).optional(),
  /** For so long after a case was opened, the same again at the same device belongs to it. */
  sameCase: duration.refine((value) => value > 0, 'must be longer than nothing').optional(),
  /** What people read; `{name}` is a field read by the rule, a fact of meta, a parameter (`{nameHours}` a duration) or a figure. */
  reason: text,
  /** Other reasons for variants that the condition tells, e.g. `lastWill`. */
  reasons: table(20, text),
})

export type RuleFile = z.output<typeof ruleFile>
