/** What the parts of one rule are compiled with: its words for every device type, its parameters, where faults are noted. */
import type { DeviceType } from '../../model/device-type.ts'
import type { YamlPath } from '../../model/yaml.ts'
import type { ConditionInputs } from '../conditions/condition.ts'
import { compileExpression, type ExpressionContext } from '../expression/expression.ts'
import type { Evaluate, Layout } from '../expression/scope.ts'
import {
  createCelEnvironment,
  isReserved,
  joinVocabularies,
  type Parameter,
} from '../expression/vocabulary.ts'
import { parseDuration } from '../schema/duration.ts'
import type { RuleFile } from '../schema/rule-file.ts'

export interface CompileContext {
  readonly types: ReadonlyMap<string, DeviceType>
  readonly layouts: ReadonlyMap<string, Layout>
  addProblem(message: string, path: YamlPath): void
}

export interface Compiler {
  readonly contexts: readonly ExpressionContext[]
  readonly parameters: ReadonlyMap<string, Parameter>
  expression(text: string, path: YamlPath): Evaluate<boolean>
  /** As `expression`, for what may only ask for facts that do not change: `meta` and `home`. */
  factExpression(text: string, path: YamlPath): Evaluate<boolean>
  /** As `expression`, for a signal: it may ask for those above it (`above` of them). */
  signalExpression(text: string, path: YamlPath, above: number): Evaluate<boolean>
  /** Notes parameters that nothing has asked for so far, unless there are other faults. */
  reportUnused(): void
  /** What `build` makes, and what its expressions ask for. */
  trackInputs<T>(build: (compiler: Compiler) => T): { readonly built: T; readonly asks: ConditionInputs }
  addProblem(message: string, path: YamlPath): void
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
  let isGood = true
  const addProblem = (message: string, path: YamlPath): void => {
    isGood = false
    context.addProblem(message, path)
  }
  const signals = Object.keys(file.signals)
  const parameters = new Map(
    Object.entries(file.parameters).map(([name, value]) => [name, expressionValue(value)]),
  )
  checkNames(types, { parameters: [...parameters.keys()], signals }, addProblem)
  const dialects = contextsOf({ types, parameters, signals, layouts: context.layouts })
  return compilerOf(dialects, {
    file,
    addProblem,
    usedParameters: new Set(placeholdersOf(file)),
    isGood: () => isGood,
  })
}

interface Filling {
  readonly file: RuleFile
  addProblem(message: string, path: YamlPath): void
  /** Names of parameters that something asks for. */
  readonly usedParameters: Set<string>
}

interface Shared extends Filling {
  /** No fault was noted so far. */
  isGood(): boolean
}

function compilerOf(dialects: readonly ExpressionContext[], shared: Shared): Compiler {
  const { addProblem } = shared
  const compile = (text: string, path: YamlPath, seen: readonly ExpressionContext[]): Evaluate<boolean> => {
    const compiled = compileExpression(text, seen)
    if ('evaluate' in compiled) return compiled.evaluate
    for (const message of compiled.problems) addProblem(message, path)
    return unknown
  }
  return {
    contexts: dialects,
    parameters: dialects[0]?.vocabulary.parameters ?? new Map(),
    addProblem,
    expression: (text, path) => compile(text, path, dialects),
    factExpression(text, path) {
      const strict = dialects.map((dialect) => copyContext(dialect, { signals: [] }))
      const evaluate = compile(text, path, strict)
      if (strict.some(({ reads, uses }) => reads.size > 0 || uses.event || uses.time))
        addProblem('only facts that do not change can be asked for here: meta and home', path)
      return evaluate
    },
    signalExpression(text, path, above) {
      const seen = dialects.map((dialect) => withSignalsAbove(dialect, above))
      return compile(text, path, seen)
    },
    trackInputs(build) {
      const own = dialects.map((dialect) => copyContext(dialect))
      const built = build(compilerOf(own, shared))
      for (const [index, dialect] of own.entries()) mergeInputs(dialect, dialects[index] as ExpressionContext)
      return { built, asks: inputsOf(own) }
    },
    reportUnused: () => reportUnused(dialects, shared),
    fill: (spec, path) => fill(spec, path, shared),
  }
}

function reportUnused(
  dialects: readonly ExpressionContext[],
  { file, addProblem, usedParameters, isGood }: Shared,
): void {
  if (!isGood()) return
  for (const { uses } of dialects) for (const name of uses.parameters) usedParameters.add(name)
  for (const name of Object.keys(file.parameters))
    if (!usedParameters.has(name)) addProblem(`nothing asks for ${name}`, ['parameters', name])
}

/** The same words, with notes of its own of what is asked for. */
const copyContext = (
  dialect: ExpressionContext,
  words: Partial<ExpressionContext['vocabulary']> = {},
): ExpressionContext => ({
  ...dialect,
  vocabulary: { ...dialect.vocabulary, ...words },
  reads: new Set(),
  uses: { ...dialect.uses, event: false, time: false, signal: false },
})

/** What was noted apart is noted for the whole too. */
function mergeInputs({ reads, uses }: ExpressionContext, whole: ExpressionContext): void {
  for (const slot of reads) whole.reads.add(slot)
  whole.uses.event ||= uses.event
  whole.uses.time ||= uses.time
  whole.uses.signal ||= uses.signal
}

const inputsOf = (dialects: readonly ExpressionContext[]): ConditionInputs => ({
  slots: new Map(dialects.map(({ vocabulary: words, reads }) => [words.type.type, [...reads]])),
  events: dialects.some(({ uses }) => uses.event),
  always: dialects.some(({ uses }) => uses.signal),
})

function checkNames(
  types: readonly DeviceType[],
  { parameters, signals }: { readonly parameters: readonly string[]; readonly signals: readonly string[] },
  addProblem: CompileContext['addProblem'],
): void {
  for (const [place, names] of Object.entries({ parameters, signals })) {
    for (const name of names) {
      const clash = types.find((type) => isReserved(type, name))
      if (clash) addProblem(`${name} is already a word of ${clash.type}`, [place, name])
      if (place === 'signals' && parameters.includes(name))
        addProblem(`${name} is already a parameter`, [place, name])
    }
  }
}

/** Names in the words that people read, e.g. `limit` of `{limitPercent}` or `{limitHours}`. */
function* placeholdersOf({ title, reason, reasons }: RuleFile): Generator<string> {
  for (const text of [title, reason, ...Object.values(reasons)]) {
    for (const [, name = ''] of `${text.zh} ${text.en}`.matchAll(/\{(\w+)\}/g)) {
      yield name
      yield name.replace(/(Percent|Seconds|Minutes|Hours|Days)$/, '')
    }
  }
}

function withSignalsAbove(dialect: ExpressionContext, above: number): ExpressionContext {
  const { signals } = dialect.vocabulary
  return {
    ...dialect,
    vocabulary: {
      ...dialect.vocabulary,
      signals: signals.slice(0, above),
      laterSignals: signals.slice(above),
    },
  }
}

function contextsOf(input: {
  types: readonly DeviceType[]
  parameters: ReadonlyMap<string, Parameter>
  signals: readonly string[]
  layouts: ReadonlyMap<string, Layout>
}): ExpressionContext[] {
  const clean = [...input.parameters].filter(([name]) => !input.types.some((type) => isReserved(type, name)))
  const parameters = new Map(clean)
  const signals = input.signals.filter(
    (name) => !parameters.has(name) && !input.types.some((type) => isReserved(type, name)),
  )
  return input.types.map((type) => {
    const vocabulary = { type, ...joinVocabularies(type, input.types), parameters, signals }
    const layout = input.layouts.get(type.type) ?? { type: type.type, fields: [] }
    return {
      vocabulary,
      layout,
      environment: createCelEnvironment(vocabulary),
      reads: new Set<number>(),
      uses: { event: false, time: false, signal: false, parameters: new Set<string>() },
    }
  })
}

/** In expressions a duration is a number of seconds. */
function expressionValue(value: Parameter): Parameter {
  const duration = typeof value === 'string' ? parseDuration(value) : undefined
  return duration === undefined ? value : duration / 1000
}

function fill(spec: unknown, path: YamlPath, filling: Filling): unknown {
  if (typeof spec === 'string' && spec.startsWith('$')) {
    const name = spec.slice(1)
    const { parameters } = filling.file
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined
    if (value === undefined) filling.addProblem(`there is no parameter ${name}`, path)
    filling.usedParameters.add(name)
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

export const defaultMaxAge = (dialects: readonly ExpressionContext[]): number =>
  Math.max(...dialects.map(({ vocabulary: words }) => offlineLimits[words.type.power]))
