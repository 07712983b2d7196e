/** What the parts of one rule are compiled with: its words for every device type, its parameters, where faults are noted. */
import type { DeviceType } from '../model/device-type.ts'
import type { YamlPath } from '../model/yaml.ts'
import { parseDuration } from './duration.ts'
import { compileExpression, type Dialect } from './expression/expression.ts'
import { createLanguage, isTaken, joinWords, type Parameter } from './expression/language.ts'
import type { Evaluate, Layout } from './expression/scope.ts'
import type { RuleFile } from './rule-file.ts'

export interface CompileContext {
  readonly types: ReadonlyMap<string, DeviceType>
  readonly layouts: ReadonlyMap<string, Layout>
  fault(message: string, path: YamlPath): void
}

export interface Compiler {
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

/** Notes names that are taken. */
export function createCompiler({ file, types, context }: CompilerInput): Compiler {
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

/** Offline limits of domain.md D1 (zigbee2mqtt's defaults); the longest time a value is believed by default. */
const offlineLimits = { mains: 600_000, battery: 1500 * 60_000 }

export const holdOf = (dialects: readonly Dialect[]): number =>
  Math.max(...dialects.map(({ words }) => offlineLimits[words.type.power]))
