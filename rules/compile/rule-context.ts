/** What the parts of one rule are compiled with: its vocabulary for every device type, its parameters, and its problems. */
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
import { parseDuration } from '../schema/fields.ts'
import type { RuleFile } from '../schema/rule-file.ts'

export interface CompileContext {
  readonly types: ReadonlyMap<string, DeviceType>
  readonly layouts: ReadonlyMap<string, Layout>
  addProblem(message: string, path: YamlPath): void
}

export interface RuleContext {
  /** One for each device type. */
  readonly expressions: readonly ExpressionContext[]
  readonly parameters: ReadonlyMap<string, Parameter>
  expression(text: string, path: YamlPath): Evaluate<boolean>
  /** As `expression`, restricted to facts that do not change: `meta` and `home`. */
  factExpression(text: string, path: YamlPath): Evaluate<boolean>
  /** As `expression`, for a signal: it may use the `above` signals above it. */
  signalExpression(text: string, path: YamlPath, above: number): Evaluate<boolean>
  /** Reports unused parameters, unless there are other problems. */
  reportUnused(): void
  /** The result of `build`, and the inputs that its expressions use. */
  trackInputs<T>(build: (inner: RuleContext) => T): { readonly built: T; readonly asks: ConditionInputs }
  addProblem(message: string, path: YamlPath): void
  /** Replaces `$name` by the parameter, everywhere below. */
  fill(spec: unknown, path: YamlPath): unknown
}

const unknown: Evaluate<boolean> = () => undefined

/** Reports parameters and signals whose names are reserved. */
export function createRuleContext({
  file,
  types,
  context,
}: {
  readonly file: RuleFile
  readonly types: readonly DeviceType[]
  readonly context: CompileContext
}): RuleContext {
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
  const expressions = expressionContexts({ types, parameters, signals, layouts: context.layouts })
  const usedParameters = new Set(placeholdersOf(file))
  return contextOf(expressions, { file, addProblem, usedParameters, isGood: () => isGood })
}

interface Filling {
  readonly file: RuleFile
  addProblem(message: string, path: YamlPath): void
  /** Names of parameters. */
  readonly usedParameters: Set<string>
}

interface Shared extends Filling {
  /** No problem was reported so far. */
  isGood(): boolean
}

function contextOf(expressions: readonly ExpressionContext[], shared: Shared): RuleContext {
  const { addProblem } = shared
  const compile = (text: string, path: YamlPath, seen: readonly ExpressionContext[]): Evaluate<boolean> => {
    const compiled = compileExpression(text, seen)
    if ('evaluate' in compiled) return compiled.evaluate
    for (const message of compiled.problems) addProblem(message, path)
    return unknown
  }
  return {
    expressions,
    parameters: expressions[0]?.vocabulary.parameters ?? new Map(),
    addProblem,
    expression: (text, path) => compile(text, path, expressions),
    factExpression(text, path) {
      const strict = expressions.map((one) => copyContext(one, { signals: [] }))
      const evaluate = compile(text, path, strict)
      if (strict.some(({ reads, uses }) => reads.size > 0 || uses.event || uses.time))
        addProblem('only facts that do not change can be used here: meta and home', path)
      return evaluate
    },
    signalExpression(text, path, above) {
      const seen = expressions.map((one) => withSignalsAbove(one, above))
      return compile(text, path, seen)
    },
    trackInputs(build) {
      const own = expressions.map((one) => copyContext(one))
      const built = build(contextOf(own, shared))
      for (const [index, one] of own.entries()) mergeInputs(one, expressions[index] as ExpressionContext)
      return { built, asks: inputsOf(own) }
    },
    reportUnused: () => reportUnused(expressions, shared),
    fill: (spec, path) => fill(spec, path, shared),
  }
}

function reportUnused(
  expressions: readonly ExpressionContext[],
  { file, addProblem, usedParameters, isGood }: Shared,
): void {
  if (!isGood()) return
  for (const { uses } of expressions) for (const name of uses.parameters) usedParameters.add(name)
  for (const name of Object.keys(file.parameters))
    if (!usedParameters.has(name)) addProblem(`${name} is not used`, ['parameters', name])
}

/** The same vocabulary with empty records of what is used. */
const copyContext = (
  context: ExpressionContext,
  vocabulary: Partial<ExpressionContext['vocabulary']> = {},
): ExpressionContext => ({
  ...context,
  vocabulary: { ...context.vocabulary, ...vocabulary },
  reads: new Set(),
  uses: { ...context.uses, event: false, time: false, signal: false },
})

function mergeInputs({ reads, uses }: ExpressionContext, whole: ExpressionContext): void {
  for (const slot of reads) whole.reads.add(slot)
  whole.uses.event ||= uses.event
  whole.uses.time ||= uses.time
  whole.uses.signal ||= uses.signal
}

const inputsOf = (expressions: readonly ExpressionContext[]): ConditionInputs => ({
  slots: new Map(expressions.map(({ vocabulary, reads }) => [vocabulary.type.type, [...reads]])),
  events: expressions.some(({ uses }) => uses.event),
  always: expressions.some(({ uses }) => uses.signal),
})

function checkNames(
  types: readonly DeviceType[],
  { parameters, signals }: { readonly parameters: readonly string[]; readonly signals: readonly string[] },
  addProblem: CompileContext['addProblem'],
): void {
  for (const [place, names] of Object.entries({ parameters, signals })) {
    for (const name of names) {
      const clash = types.find((type) => isReserved(type, name))
      if (clash) addProblem(`${name} is already a name of ${clash.type}`, [place, name])
      if (place === 'signals' && parameters.includes(name))
        addProblem(`${name} is already a parameter`, [place, name])
    }
  }
}

/** Names in the title and reasons, e.g. `limit` of `{limitPercent}` or `{limitHours}`. */
function* placeholdersOf({ title, reason, reasons }: RuleFile): Generator<string> {
  for (const text of [title, reason, ...Object.values(reasons)]) {
    for (const [, name = ''] of `${text.zh} ${text.en}`.matchAll(/\{(\w+)\}/g)) {
      yield name
      yield name.replace(/(Percent|Seconds|Minutes|Hours|Days)$/, '')
    }
  }
}

function withSignalsAbove(context: ExpressionContext, above: number): ExpressionContext {
  const { signals } = context.vocabulary
  const vocabulary = {
    ...context.vocabulary,
    signals: signals.slice(0, above),
    laterSignals: signals.slice(above),
  }
  return { ...context, vocabulary }
}

function expressionContexts({
  types,
  layouts,
  ...names
}: {
  readonly types: readonly DeviceType[]
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly signals: readonly string[]
  readonly layouts: ReadonlyMap<string, Layout>
}): ExpressionContext[] {
  const isFree = (name: string): boolean => !types.some((type) => isReserved(type, name))
  const parameters = new Map([...names.parameters].filter(([name]) => isFree(name)))
  const signals = names.signals.filter((name) => !parameters.has(name) && isFree(name))
  return types.map((type) => {
    const vocabulary = { type, ...joinVocabularies(type, types), parameters, signals }
    return {
      vocabulary,
      layout: layouts.get(type.type) ?? { type: type.type, fields: [] },
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

/** Offline limits of domain.md D1 (zigbee2mqtt's defaults), ms; the default `maxAge` of values. */
const offlineLimits = { mains: 600_000, battery: 1500 * 60_000 }

export const defaultMaxAge = (expressions: readonly ExpressionContext[]): number =>
  Math.max(...expressions.map(({ vocabulary: words }) => offlineLimits[words.type.power]))
