/** Builds the condition and the signals of a rule file. */
import type { z } from 'zod'
import { type Severity, severityRank } from '../../model/severity.ts'
import type { YamlPath } from '../../model/yaml.ts'
import { type BuildContext, type Condition, placeholderCondition } from '../conditions/condition.ts'
import { conditionKinds } from '../conditions/table.ts'
import { slotOf } from '../expression/scope.ts'
import { conditionSpec, type RuleFile } from '../schema/rule-file.ts'
import type { Signal } from '../signals/signal.ts'
import { signalKinds } from '../signals/table.ts'
import { defaultMaxAge, type RuleContext } from './rule-context.ts'

/** People must be able to read a rule: larger ones are better split. */
const limits = { depth: 4, conditions: 32 }

interface Building {
  readonly ruleContext: RuleContext
  readonly file: RuleFile
  /** Depth of the condition being built; the rule's own has 1. */
  readonly depth: number
  /** Number of conditions so far, parts included. */
  readonly built: { count: number }
}

/** Builds the rule's condition; problems are reported at their place. */
export function buildRuleCondition(ruleContext: RuleContext, file: RuleFile): Condition {
  return buildCondition(file.condition, ['condition'], { ruleContext, file, depth: 1, built: { count: 0 } })
}

function buildCondition(spec: unknown, path: YamlPath, building: Building): Condition {
  const { ruleContext, file, depth, built } = building
  built.count += 1
  if (depth > limits.depth || built.count > limits.conditions) return refuseSize(building, path)
  const shape = conditionSpec.safeParse(spec)
  if (!shape.success) return refuse(ruleContext, shape.error, path)
  const [name, options] = Object.entries(shape.data)[0] ?? ['', undefined]
  const kind = conditionKinds.get(name)
  if (!kind) return placeholderCondition
  const inside = [...path, name]
  const about = file.applies.of === 'device' ? 'device' : 'group'
  if (kind.about !== 'both' && kind.about !== about)
    ruleContext.addProblem(
      `${name} is only for ${kind.about === 'group' ? 'a group of devices' : 'one device'}`,
      inside,
    )
  const parsed = kind.schema.safeParse(ruleContext.fill(options, inside))
  if (!parsed.success) return refuse(ruleContext, parsed.error, inside)
  return kind.build(parsed.data, contextOf(inside, building))
}

function refuseSize({ ruleContext, depth }: Building, path: YamlPath): Condition {
  if (depth > limits.depth) ruleContext.addProblem(`conditions are nested deeper than ${limits.depth}`, path)
  else ruleContext.addProblem(`there are more than ${limits.conditions} conditions`, path)
  return placeholderCondition
}

function refuse(ruleContext: RuleContext, error: z.ZodError, path: YamlPath): Condition {
  for (const issue of error.issues) {
    const inner = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
    ruleContext.addProblem(issue.message, [...path, ...inner])
  }
  return placeholderCondition
}

function contextOf(path: YamlPath, building: Building): BuildContext {
  const { ruleContext, file } = building
  return {
    severity: worstOf(file),
    offlineAfter: defaultMaxAge(ruleContext.expressions),
    expression: (text, ...below) => ruleContext.expression(text, [...path, ...below]),
    addProblem: (message, ...below) => ruleContext.addProblem(message, [...path, ...below]),
    child(spec, ...below) {
      const depth = building.depth + 1
      const { built, asks } = ruleContext.trackInputs((inner) =>
        buildCondition(spec, [...path, ...below], { ...building, ruleContext: inner, depth }),
      )
      return { condition: built, inputs: asks }
    },
    numberField: (field, ...below) => numberField(ruleContext, field, [...path, ...below]),
  }
}

/** The most severe severity that the rule can have. */
function worstOf({ severity, steps }: RuleFile): Severity {
  const all = [severity, ...steps.map((step) => step.severity)]
  return all.reduce((worst, one) => (severityRank(one) < severityRank(worst) ? one : worst))
}

function numberField(ruleContext: RuleContext, field: string, path: YamlPath): ReadonlyMap<string, number> {
  const slots = new Map<string, number>()
  for (const { vocabulary: words, layout, reads } of ruleContext.expressions) {
    if (words.type.telemetry[field]?.kind !== 'number') {
      ruleContext.addProblem(`${field} is not a number field of ${words.type.type}`, path)
      continue
    }
    const slot = slotOf(layout, field)
    reads.add(slot)
    slots.set(words.type.type, slot)
  }
  return slots
}

interface SignalPlace {
  readonly path: YamlPath
  /** Number of signals above it. */
  readonly above: number
  readonly ruleContext: RuleContext
}

export function buildSignal(
  spec: Record<string, unknown>,
  { path, above, ruleContext }: SignalPlace,
): Signal {
  const [name, options] = Object.entries(spec)[0] ?? ['', undefined]
  const kind = signalKinds.get(name)
  const inside = [...path, name]
  const parsed = kind?.schema.safeParse(ruleContext.fill(options, inside))
  if (!kind || !parsed?.success) {
    if (parsed?.error) refuse(ruleContext, parsed.error, inside)
    return { step: () => undefined, value: () => undefined }
  }
  return kind.build(parsed.data, {
    expression: (text, ...below) => ruleContext.signalExpression(text, [...inside, ...below], above),
    numberField: (field, ...below) => numberField(ruleContext, field, [...inside, ...below]),
  })
}
