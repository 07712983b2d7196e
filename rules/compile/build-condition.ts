/** The condition and the signals of a rule file, built with what the rest of the file says. */
import type { z } from 'zod'
import { type Severity, severityRank } from '../../model/severity.ts'
import type { YamlPath } from '../../model/yaml.ts'
import { type BuildContext, type Condition, placeholderCondition } from '../conditions/condition.ts'
import { conditionKinds } from '../conditions/table.ts'
import { slotOf } from '../expression/scope.ts'
import { conditionSpec, type RuleFile } from '../schema/rule-file.ts'
import type { Signal } from '../signals/signal.ts'
import { signalKinds } from '../signals/table.ts'
import { type Compiler, defaultMaxAge } from './rule-context.ts'

/** A rule must be read by people: what nests deeper or has more parts is several rules. */
const limits = { depth: 4, conditions: 32 }

interface Building {
  readonly compiler: Compiler
  readonly file: RuleFile
  /** Of the condition that is built; the rule's own has 1. */
  readonly depth: number
  /** How many conditions there are already, parts included. */
  readonly built: { count: number }
}

/** Faults are noted at their place. */
export function buildRuleCondition(compiler: Compiler, file: RuleFile): Condition {
  return buildCondition(file.condition, ['condition'], { compiler, file, depth: 1, built: { count: 0 } })
}

function buildCondition(spec: unknown, path: YamlPath, building: Building): Condition {
  const { compiler, file, depth, built } = building
  built.count += 1
  if (depth > limits.depth || built.count > limits.conditions) return refuseSize(building, path)
  const shape = conditionSpec.safeParse(spec)
  if (!shape.success) return refuse(compiler, shape.error, path)
  const [name, options] = Object.entries(shape.data)[0] ?? ['', undefined]
  const kind = conditionKinds.get(name)
  if (!kind) return placeholderCondition
  const inside = [...path, name]
  const about = file.applies.of === 'device' ? 'device' : 'group'
  if (kind.about !== 'both' && kind.about !== about)
    compiler.addProblem(
      `${name} is about ${kind.about === 'group' ? 'a group of devices' : 'one device'}`,
      inside,
    )
  const parsed = kind.schema.safeParse(compiler.fill(options, inside))
  if (!parsed.success) return refuse(compiler, parsed.error, inside)
  return kind.build(parsed.data, contextOf(inside, building))
}

function refuseSize({ compiler, depth }: Building, path: YamlPath): Condition {
  if (depth > limits.depth)
    compiler.addProblem(`conditions inside of conditions: deeper than ${limits.depth}`, path)
  else compiler.addProblem(`conditions inside of conditions: more than ${limits.conditions} of them`, path)
  return placeholderCondition
}

function refuse(compiler: Compiler, error: z.ZodError, path: YamlPath): Condition {
  for (const issue of error.issues) {
    const inner = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
    compiler.addProblem(issue.message, [...path, ...inner])
  }
  return placeholderCondition
}

function contextOf(path: YamlPath, building: Building): BuildContext {
  const { compiler, file } = building
  return {
    severity: worstOf(file),
    offlineAfter: defaultMaxAge(compiler.contexts),
    expression: (text, ...below) => compiler.expression(text, [...path, ...below]),
    addProblem: (message, ...below) => compiler.addProblem(message, [...path, ...below]),
    child(spec, ...below) {
      const depth = building.depth + 1
      const { built, asks } = compiler.trackInputs((inner) =>
        buildCondition(spec, [...path, ...below], { ...building, compiler: inner, depth }),
      )
      return { condition: built, asks }
    },
    numberField: (field, ...below) => numberField(compiler, field, [...path, ...below]),
  }
}

/** The most severe that the rule may be. */
function worstOf({ severity, steps }: RuleFile): Severity {
  const all = [severity, ...steps.map((step) => step.severity)]
  return all.reduce((worst, one) => (severityRank(one) < severityRank(worst) ? one : worst))
}

function numberField(compiler: Compiler, field: string, path: YamlPath): ReadonlyMap<string, number> {
  const slots = new Map<string, number>()
  for (const { vocabulary: words, layout, reads } of compiler.contexts) {
    if (words.type.telemetry[field]?.kind !== 'number') {
      compiler.addProblem(`${field} is not a number field of ${words.type.type}`, path)
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
  /** How many signals stand above it. */
  readonly above: number
  readonly compiler: Compiler
}

export function buildSignal(spec: Record<string, unknown>, { path, above, compiler }: SignalPlace): Signal {
  const [name, options] = Object.entries(spec)[0] ?? ['', undefined]
  const kind = signalKinds.get(name)
  const inside = [...path, name]
  const parsed = kind?.schema.safeParse(compiler.fill(options, inside))
  if (!kind || !parsed?.success) {
    if (parsed?.error) refuse(compiler, parsed.error, inside)
    return { step: () => undefined, value: () => undefined }
  }
  return kind.build(parsed.data, {
    expression: (text, ...below) => compiler.signalExpression(text, [...inside, ...below], above),
    numberField: (field, ...below) => numberField(compiler, field, [...inside, ...below]),
  })
}
