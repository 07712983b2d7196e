/** Compiles one rule file: the rule with its parameters and expressions, and a variant for each override. */
import type { DeviceType } from '../../model/device-type.ts'
import { formatPath, type YamlPath } from '../../model/yaml.ts'
import { parseDuration } from '../schema/fields.ts'
import type { RuleFile } from '../schema/rule-file.ts'
import { buildRuleCondition, buildSignal } from './build-condition.ts'
import type { CompiledRule, Overrides, Step } from './compiled-rule.ts'
import { fingerprintOf, stateShapeOf } from './fingerprint.ts'
import { applyOverrides, checkOverrides, isEnabled } from './overrides.ts'
import { type CompileContext, createRuleContext, defaultMaxAge } from './rule-context.ts'

/** Bound of the compile time, in characters: a little over half a second on one core. Every shipped rule could have 200 overrides. */
export const maxCost = 1_700_000
/** Cost of the vocabulary of one device type, in characters. */
const typeCost = 500

/** Characters to compile: everything is compiled for each device type, and again for each override. */
export function costOf(file: RuleFile, knownTypes: number): number {
  const { condition, signals, steps, mute = '', where = '', applies, overrides } = file
  const types = applies.types === '*' ? knownTypes : applies.types.length
  const length = JSON.stringify([condition, signals, steps, mute, where]).length
  return (typeCost + length) * types * (1 + overrides.length)
}

/**
 * Compiles the rule and each of its overrides, so that an invalid override is refused before it applies anywhere.
 * Undefined when the rule is too large or has no known device type; other problems are reported and compiling goes on.
 */
export function compileRule(file: RuleFile, context: CompileContext): CompiledRule | undefined {
  const cost = costOf(file, context.types.size)
  if (cost > maxCost) {
    const message = `too much to check: conditions x device types x overrides are ${cost} characters, at most ${maxCost}`
    context.addProblem(message, file.overrides.length > 0 ? ['overrides'] : ['condition'])
    return undefined
  }
  let isGood = true
  const addProblem = (message: string, path: YamlPath): void => {
    isGood = false
    context.addProblem(message, path)
  }
  for (const name of Object.keys(file.labels))
    if (!Object.hasOwn(file.parameters, name)) addProblem(`there is no parameter ${name}`, ['labels', name])
  const rule = compileFile(file, { ...context, addProblem })
  if (file.overrides.length === 0) return rule
  checkOverrides(file, addProblem)
  // Otherwise the problems of the rule itself would be repeated for every override.
  if (!isGood) return rule
  const single = file.overrides.map((_, index) => {
    const report = (message: string, path: YamlPath) =>
      addProblem(`${formatPath(path)}: ${message}`, ['overrides', index])
    return compileVariant(file, [index], { ...context, addProblem: report })
  })
  return rule && { ...rule, overrides: overridesOf(file, single, context) }
}

function overridesOf(
  file: RuleFile,
  single: readonly (CompiledRule | undefined)[],
  context: CompileContext,
): Overrides {
  const known = new Map<string, CompiledRule | undefined>()
  return {
    list: file.overrides,
    variant(indexes) {
      const key = indexes.join()
      if (!isEnabled(file, indexes)) return undefined
      if (known.has(key)) return known.get(key)
      let isGood = true
      const addProblem = (): void => {
        isGood = false
      }
      const joined = compileVariant(file, indexes, { ...context, addProblem })
      // Each is valid by itself; where they do not go together, only the most specific one applies.
      const variant = isGood ? joined : single[indexes.at(-1) as number]
      known.set(key, variant)
      return variant
    },
  }
}

function compileVariant(
  file: RuleFile,
  indexes: readonly number[],
  context: CompileContext,
): CompiledRule | undefined {
  const rule = compileFile(applyOverrides(file, indexes), context)
  return rule && { ...rule, variant: indexes.join() }
}

function compileFile(file: RuleFile, context: CompileContext): CompiledRule | undefined {
  const types = typesOf(file, context)
  if (!types) return undefined
  const ruleContext = createRuleContext({ file, types, context })
  const { expressions, addProblem } = ruleContext
  const optional = (text: string | undefined, path: YamlPath) =>
    text === undefined ? undefined : ruleContext.expression(text, path)
  const steps = file.steps.map<Step>((step, index) => ({
    severity: step.severity,
    when: ruleContext.expression(step.when, ['steps', index, 'when']),
    clear: optional(step.clear, ['steps', index, 'clear']),
  }))
  const condition = buildRuleCondition(ruleContext, file)
  if (steps.length > 0 && file.applies.of !== 'device')
    addProblem('steps are about the readings of one device', ['steps'])
  const { id, ref, title, kind, severity, source, inhibits, completes, sameCase, reason, reasons } = file
  const maxAge = defaultMaxAge(expressions)
  const rule: CompiledRule = {
    ...{ id, ref, title, kind, severity, source, inhibits, completes, sameCase, reason, reasons },
    variant: '',
    types: new Set(types.map(({ type }) => type)),
    of: file.applies.of,
    where: file.where === undefined ? undefined : ruleContext.factExpression(file.where, ['where']),
    mute: optional(file.mute, ['mute']),
    parameters: ruleContext.parameters,
    signals: Object.entries(file.signals).map(([name, spec], above) => ({
      name,
      signal: buildSignal(spec, { path: ['signals', name], above, ruleContext }),
    })),
    condition,
    steps,
    stateShape: stateShapeOf(file),
    fingerprint: fingerprintOf(file),
    maxAge,
    shortestMaxAge: Math.min(maxAge, ...maxAgesIn([file.condition, file.signals], file)),
    usesEvent: expressions.some(({ uses }) => uses.event),
    usesTime: expressions.some(({ uses }) => uses.time),
    reads: new Map(expressions.map(({ vocabulary, reads }) => [vocabulary.type.type, reads])),
  }
  ruleContext.reportUnused()
  return rule
}

function typesOf({ applies }: RuleFile, { types, addProblem }: CompileContext): DeviceType[] | undefined {
  if (applies.types === '*') return [...types.values()]
  const found: DeviceType[] = []
  applies.types.forEach((name, index) => {
    const type = types.get(name)
    if (type) found.push(type)
    else {
      const known = [...types.keys()].join(', ')
      addProblem(`there is no device type ${name} (${known})`, ['applies', 'types', index])
    }
  })
  return found.length > 0 ? found : undefined
}

/** Every `maxAge` anywhere in the options, ms. */
function maxAgesIn(spec: unknown, file: RuleFile): number[] {
  if (typeof spec !== 'object' || spec === null) return []
  return Object.entries(spec).flatMap(([key, value]) => {
    if (key !== 'maxAge') return maxAgesIn(value, file)
    const given = typeof value === 'string' && value.startsWith('$') ? file.parameters[value.slice(1)] : value
    const maxAge = typeof given === 'string' ? parseDuration(given) : given
    return typeof maxAge === 'number' ? [maxAge] : []
  })
}
