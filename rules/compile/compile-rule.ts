/** One read rule file to one rule: parameters filled in, expressions compiled for every device type, condition built. */
import type { DeviceType } from '../../model/device-type.ts'
import type { YamlPath } from '../../model/yaml.ts'
import { parseDuration } from '../schema/duration.ts'
import type { RuleFile } from '../schema/rule-file.ts'
import { buildRuleCondition, buildSignal } from './build-condition.ts'
import type { CompiledRule } from './compiled-rule.ts'
import { fingerprintOf, stateShapeOf } from './fingerprint.ts'
import { type CompileContext, createCompiler, defaultMaxAge } from './rule-context.ts'
import type { Step } from './severity-steps.ts'

/** Undefined when not even its device types are known; other faults are noted and go on. */
export function compileRule(file: RuleFile, context: CompileContext): CompiledRule | undefined {
  const types = typesOf(file, context)
  if (!types) return undefined
  const compiler = createCompiler({ file, types, context })
  const { contexts: dialects } = compiler
  const optional = (text: string | undefined, path: YamlPath) =>
    text === undefined ? undefined : compiler.expression(text, path)
  const steps = file.steps.map<Step>((step, index) => ({
    severity: step.severity,
    when: compiler.expression(step.when, ['steps', index, 'when']),
    clear: optional(step.clear, ['steps', index, 'clear']),
  }))
  const condition = buildRuleCondition(compiler, file)
  if (steps.length > 0 && file.applies.of !== 'device')
    compiler.addProblem('steps are about the readings of one device', ['steps'])
  const rule: CompiledRule = {
    id: file.id,
    variant: '',
    ref: file.ref,
    title: file.title,
    kind: file.kind,
    severity: file.severity,
    source: file.source,
    types: new Set(types.map(({ type }) => type)),
    of: file.applies.of,
    where: file.where === undefined ? undefined : compiler.factExpression(file.where, ['where']),
    mute: optional(file.mute, ['mute']),
    parameters: compiler.parameters,
    signals: Object.entries(file.signals).map(([name, spec], above) => ({
      name,
      signal: buildSignal(spec, { path: ['signals', name], above, compiler }),
    })),
    condition,
    steps,
    stateShape: stateShapeOf(file),
    fingerprint: fingerprintOf(file),
    inhibits: file.inhibits,
    completes: file.completes,
    sameCase: file.sameCase,
    reason: file.reason,
    reasons: file.reasons,
    maxAge: defaultMaxAge(dialects),
    shortestMaxAge: Math.min(defaultMaxAge(dialects), ...maxAgesIn([file.condition, file.signals], file)),
    usesEvent: dialects.some(({ uses }) => uses.event),
    usesTime: dialects.some(({ uses }) => uses.time),
    reads: new Map(dialects.map((dialect) => [dialect.vocabulary.type.type, dialect.reads])),
  }
  compiler.reportUnused()
  return rule
}

function typesOf({ applies }: RuleFile, { types, addProblem }: CompileContext): DeviceType[] | undefined {
  if (applies.types === '*') return [...types.values()]
  const found: DeviceType[] = []
  applies.types.forEach((name, index) => {
    const type = types.get(name)
    if (type) found.push(type)
    else
      addProblem(`there is no device type ${name} (${[...types.keys()].join(', ')})`, [
        'applies',
        'types',
        index,
      ])
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
