/** One read rule file to one rule: parameters filled in, expressions compiled for every device type, condition built. */
import type { z } from 'zod'
import type { DeviceType } from '../model/device-type.ts'
import type { YamlPath } from '../model/yaml.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { BuildContext, Condition } from './conditions/condition.ts'
import { conditionKinds } from './conditions/table.ts'
import { parseDuration } from './duration.ts'
import { compileExpression, type Dialect } from './expression/expression.ts'
import { createLanguage, isTaken, joinWords, type Parameter } from './expression/language.ts'
import type { Evaluate, Layout } from './expression/scope.ts'
import { slotOf } from './expression/scope.ts'
import { fingerprintOf, shapeOf } from './fingerprint.ts'
import { conditionSpec, type RuleFile } from './rule-file.ts'
import type { Step } from './severity-steps.ts'
import { signalKinds } from './signals/table.ts'

export interface CompileContext {
  readonly types: ReadonlyMap<string, DeviceType>
  readonly layouts: ReadonlyMap<string, Layout>
  fault(message: string, path: YamlPath): void
}

/** Offline limits of domain.md D1 (zigbee2mqtt's defaults); the longest time a value is believed by default. */
const offlineLimits = { mains: 600_000, battery: 1500 * 60_000 }

/** Undefined when not even its device types are known; other faults are noted and go on. */
export function compileRule(file: RuleFile, context: CompileContext): CompiledRule | undefined {
  const types = typesOf(file, context)
  if (!types) return undefined
  const compiler = createCompiler({ file, types, context })
  const { dialects } = compiler
  const optional = (text: string | undefined, path: YamlPath) =>
    text === undefined ? undefined : compiler.expression(text, path)
  const steps = file.steps.map<Step>((step, index) => ({
    severity: step.severity,
    when: compiler.expression(step.when, ['steps', index, 'when']),
    clear: optional(step.clear, ['steps', index, 'clear']),
  }))
  const condition = buildCondition(file.condition, ['condition'], { compiler, file })
  if (steps.length > 0 && file.applies.of !== 'device')
    context.fault('steps are about the readings of one device', ['steps'])
  return {
    id: file.id,
    ref: file.ref,
    title: file.title,
    kind: file.kind,
    severity: file.severity,
    source: file.source,
    types: new Set(types.map(({ type }) => type)),
    of: file.applies.of,
    where: optional(file.where, ['where']),
    mute: optional(file.mute, ['mute']),
    parameters: compiler.parameters,
    signals: Object.entries(file.signals).map(([name, spec]) => ({
      name,
      signal: buildSignal(spec, ['signals', name], compiler),
    })),
    condition,
    steps,
    conditionName: shapeOf(file.condition),
    fingerprint: fingerprintOf(file),
    holds: file.holds,
    reason: file.reason,
    reasons: file.reasons,
    hold: holdOf(dialects),
    usesEvent: dialects.some(({ uses }) => uses.event),
    usesTime: dialects.some(({ uses }) => uses.time),
    reads: new Map(dialects.map((dialect) => [dialect.words.type.type, dialect.reads])),
  }
}

function typesOf({ applies }: RuleFile, { types, fault }: CompileContext): DeviceType[] | undefined {
  if (applies.types === '*') return [...types.values()]
  const found: DeviceType[] = []
  applies.types.forEach((name, index) => {
    const type = types.get(name)
    if (type) found.push(type)
    else
      fault(`there is no device type ${name} (${[...types.keys()].join(', ')})`, ['applies', 'types', index])
  })
  return found.length > 0 ? found : undefined
}

interface Compiler {
  readonly dialects: readonly Dialect[]
  readonly parameters: ReadonlyMap<string, Parameter>
  expression(text: string, path: YamlPath): Evaluate<boolean>
  fault(message: string, path: YamlPath): void
  /** Replaces `$name` by the parameter, everywhere below. */
  fill(spec: unknown, path: YamlPath): unknown
}

interface CompilerInput {
  readonly file: RuleFile
  readonly types: readonly DeviceType[]
  readonly context: CompileContext
}

const unknown: Evaluate<boolean> = () => undefined

function createCompiler({ file, types, context }: CompilerInput): Compiler {
  const signals = Object.keys(file.signals)
  const parameters = new Map(
    Object.entries(file.parameters).map(([name, value]) => [name, expressionValue(value)]),
  )
  for (const [place, names] of [
    ['parameters', [...parameters.keys()]],
    ['signals', signals],
  ] as const) {
    for (const name of names) {
      const clash = types.find((type) => isTaken(type, name))
      if (clash) context.fault(`${name} is already a word of ${clash.type}`, [place, name])
      if (place === 'signals' && parameters.has(name))
        context.fault(`${name} is already a parameter`, [place, name])
    }
  }
  const dialects = dialectsOf({ types, parameters, signals, layouts: context.layouts })
  return {
    dialects,
    parameters,
    fault: context.fault,
    expression(text, path) {
      const compiled = compileExpression(text, dialects)
      if ('evaluate' in compiled) return compiled.evaluate
      for (const message of compiled.faults) context.fault(message, path)
      return unknown
    },
    fill: (spec, path) => fill(spec, path, { file, fault: context.fault }),
  }
}

function dialectsOf(input: {
  types: readonly DeviceType[]
  parameters: ReadonlyMap<string, Parameter>
  signals: readonly string[]
  layouts: ReadonlyMap<string, Layout>
}): Dialect[] {
  const clean = [...input.parameters].filter(([name]) => !input.types.some((type) => isTaken(type, name)))
  const parameters = new Map(clean)
  const signals = input.signals.filter(
    (name) => !parameters.has(name) && !input.types.some((type) => isTaken(type, name)),
  )
  return input.types.map((type) => {
    const words = { type, ...joinWords(type, input.types), parameters, signals }
    const layout = input.layouts.get(type.type) ?? { type: type.type, fields: [] }
    return {
      words,
      layout,
      language: createLanguage(words),
      reads: new Set<number>(),
      uses: { event: false, time: false },
    }
  })
}

/** In expressions a duration is a number of seconds. */
function expressionValue(value: Parameter): Parameter {
  const duration = typeof value === 'string' ? parseDuration(value) : undefined
  return duration === undefined ? value : duration / 1000
}

interface Filling {
  readonly file: RuleFile
  fault(message: string, path: YamlPath): void
}

function fill(spec: unknown, path: YamlPath, filling: Filling): unknown {
  if (typeof spec === 'string' && spec.startsWith('$')) {
    const value = filling.file.parameters[spec.slice(1)]
    if (value === undefined) filling.fault(`there is no parameter ${spec.slice(1)}`, path)
    return value
  }
  if (Array.isArray(spec)) return spec.map((item, index) => fill(item, [...path, index], filling))
  if (typeof spec !== 'object' || spec === null) return spec
  return Object.fromEntries(
    Object.entries(spec).map(([key, item]) => [key, fill(item, [...path, key], filling)]),
  )
}

const holdOf = (dialects: readonly Dialect[]): number =>
  Math.max(...dialects.map(({ words }) => offlineLimits[words.type.power]))

interface Building {
  readonly compiler: Compiler
  readonly file: RuleFile
}

/** Stands where a faulty condition would; its faults are noted, so it never runs. */
const nothing: Condition = {
  clock: 'device',
  acceptsLate: false,
  everyReading: false,
  endsByPerson: false,
  applies: () => false,
  step: () => undefined,
  due: () => undefined,
  fire: () => undefined,
  phase: () => undefined,
}

function buildCondition(spec: unknown, path: YamlPath, building: Building): Condition {
  const { compiler, file } = building
  const shape = conditionSpec.safeParse(spec)
  if (!shape.success) return refuse(compiler, shape.error, path)
  const [name, options] = Object.entries(shape.data)[0] ?? ['', undefined]
  const kind = conditionKinds.get(name)
  if (!kind) return nothing
  const inside = [...path, name]
  const about = file.applies.of === 'device' ? 'device' : 'group'
  if (kind.about !== 'both' && kind.about !== about)
    compiler.fault(`${name} is about ${kind.about === 'group' ? 'a group of devices' : 'one device'}`, inside)
  const parsed = kind.schema.safeParse(compiler.fill(options, inside))
  if (!parsed.success) return refuse(compiler, parsed.error, inside)
  return kind.build(parsed.data, contextOf(inside, building))
}

function refuse(compiler: Compiler, error: z.ZodError, path: YamlPath): Condition {
  for (const issue of error.issues) {
    const inner = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
    compiler.fault(issue.message, [...path, ...inner])
  }
  return nothing
}

function contextOf(path: YamlPath, building: Building): BuildContext {
  const { compiler, file } = building
  return {
    severity: file.severity,
    offlineLimit: holdOf(compiler.dialects),
    expression: (text, ...below) => compiler.expression(text, [...path, ...below]),
    fault: (message, ...below) => compiler.fault(message, [...path, ...below]),
    child: (spec, ...below) => buildCondition(spec, [...path, ...below], building),
    numberField(field, ...below) {
      const slots = new Map<string, number>()
      for (const { words, layout, reads } of compiler.dialects) {
        if (words.type.telemetry[field]?.kind !== 'number') {
          compiler.fault(`${field} is not a number field of ${words.type.type}`, [...path, ...below])
          continue
        }
        const slot = slotOf(layout, field)
        reads.add(slot)
        slots.set(words.type.type, slot)
      }
      return slots
    },
  }
}

function buildSignal(spec: Record<string, unknown>, path: YamlPath, compiler: Compiler) {
  const [name, options] = Object.entries(spec)[0] ?? ['', undefined]
  const kind = signalKinds.get(name)
  const inside = [...path, name]
  const parsed = kind?.schema.safeParse(compiler.fill(options, inside))
  if (!kind || !parsed?.success) {
    if (parsed?.error) refuse(compiler, parsed.error, inside)
    return { step: () => undefined, value: () => undefined }
  }
  return kind.build(parsed.data, {
    expression: (text, ...below) => compiler.expression(text, [...inside, ...below]),
  })
}
