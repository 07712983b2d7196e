/** What the parts of one rule are compiled with: its words for every device type, its parameters, where faults are noted. */
import type { DeviceType } from '../../model/device-type.ts'
import type { YamlPath } from '../../model/yaml.ts'
import type { ConditionInputs } from '../conditions/condition.ts'
import { compileExpression, type Dialect } from '../expression/expression.ts'
import { createLanguage, isTaken, joinWords, type Parameter } from '../expression/language.ts'
import type { Evaluate, Layout } from '../expression/scope.ts'
import { parseDuration } from '../schema/duration.ts'
import type { RuleFile } from '../schema/rule-file.ts'

export interface CompileContext {
  readonly types: ReadonlyMap<string, DeviceType>
  readonly layouts: ReadonlyMap<string, Layout>
  fault(message: string, path: YamlPath): void
}

export interface Compiler {
  readonly dialects: readonly Dialect[]
  readonly parameters: ReadonlyMap<string, Parameter>
  expression(text: string, path: YamlPath): Evaluate<boolean>
  /** As `expression`, for what may only ask for facts that do not change: `meta` and `home`. */
  facts(text: string, path: YamlPath): Evaluate<boolean>
  /** As `expression`, for a signal: it may ask for those above it (`above` of them). */
  ofSignal(text: string, path: YamlPath, above: number): Evaluate<boolean>
  /** Notes parameters that nothing has asked for so far, unless there are other faults. */
  noteUnused(): void
  /** What `build` makes, and what its expressions ask for. */
  watch<T>(build: (compiler: Compiler) => T): { readonly built: T; readonly asks: ConditionInputs }
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
  let isGood = true
  const fault = (message: string, path: YamlPath): void => {
    isGood = false
    context.fault(message, path)
  }
  const signals = Object.keys(file.signals)
  const parameters = new Map(
    Object.entries(file.parameters).map(([name, value]) => [name, expressionValue(value)]),
  )
  checkNames(types, { parameters: [...parameters.keys()], signals }, fault)
  const dialects = dialectsOf({ types, parameters, signals, layouts: context.layouts })
  return compilerOf(dialects, { file, fault, used: new Set(wordsOf(file)), isGood: () => isGood })
}

interface Filling {
  readonly file: RuleFile
  fault(message: string, path: YamlPath): void
  /** Names of parameters that something asks for. */
  readonly used: Set<string>
}

interface Shared extends Filling {
  /** No fault was noted so far. */
  isGood(): boolean
}

function compilerOf(dialects: readonly Dialect[], shared: Shared): Compiler {
  const { fault } = shared
  const compile = (text: string, path: YamlPath, seen: readonly Dialect[]): Evaluate<boolean> => {
    const compiled = compileExpression(text, seen)
    if ('evaluate' in compiled) return compiled.evaluate
    for (const message of compiled.faults) fault(message, path)
    return unknown
  }
  return {
    dialects,
    parameters: dialects[0]?.words.parameters ?? new Map(),
    fault,
    expression: (text, path) => compile(text, path, dialects),
    facts(text, path) {
      const strict = dialects.map((dialect) => apart(dialect, { signals: [] }))
      const evaluate = compile(text, path, strict)
      if (strict.some(({ reads, uses }) => reads.size > 0 || uses.event || uses.time))
        fault('only facts that do not change can be asked for here: meta and home', path)
      return evaluate
    },
    ofSignal(text, path, above) {
      const seen = dialects.map((dialect) => upTo(dialect, above))
      return compile(text, path, seen)
    },
    watch(build) {
      const own = dialects.map((dialect) => apart(dialect))
      const built = build(compilerOf(own, shared))
      for (const [index, dialect] of own.entries()) join(dialect, dialects[index] as Dialect)
      return { built, asks: asksOf(own) }
    },
    noteUnused: () => noteUnused(dialects, shared),
    fill: (spec, path) => fill(spec, path, shared),
  }
}

function noteUnused(dialects: readonly Dialect[], { file, fault, used, isGood }: Shared): void {
  if (!isGood()) return
  for (const { uses } of dialects) for (const name of uses.parameters) used.add(name)
  for (const name of Object.keys(file.parameters))
    if (!used.has(name)) fault(`nothing asks for ${name}`, ['parameters', name])
}

/** The same words, with notes of its own of what is asked for. */
const apart = (dialect: Dialect, words: Partial<Dialect['words']> = {}): Dialect => ({
  ...dialect,
  words: { ...dialect.words, ...words },
  reads: new Set(),
  uses: { ...dialect.uses, event: false, time: false, signal: false },
})

/** What was noted apart is noted for the whole too. */
function join({ reads, uses }: Dialect, whole: Dialect): void {
  for (const slot of reads) whole.reads.add(slot)
  whole.uses.event ||= uses.event
  whole.uses.time ||= uses.time
  whole.uses.signal ||= uses.signal
}

const asksOf = (dialects: readonly Dialect[]): ConditionInputs => ({
  slots: new Map(dialects.map(({ words, reads }) => [words.type.type, [...reads]])),
  events: dialects.some(({ uses }) => uses.event),
  always: dialects.some(({ uses }) => uses.signal),
})

function checkNames(
  types: readonly DeviceType[],
  { parameters, signals }: { readonly parameters: readonly string[]; readonly signals: readonly string[] },
  fault: CompileContext['fault'],
): void {
  for (const [place, names] of Object.entries({ parameters, signals })) {
    for (const name of names) {
      const clash = types.find((type) => isTaken(type, name))
      if (clash) fault(`${name} is already a word of ${clash.type}`, [place, name])
      if (place === 'signals' && parameters.includes(name))
        fault(`${name} is already a parameter`, [place, name])
    }
  }
}

/** Names in the words that people read, e.g. `limit` of `{limitPercent}` or `{limitHours}`. */
function* wordsOf({ title, reason, reasons }: RuleFile): Generator<string> {
  for (const text of [title, reason, ...Object.values(reasons)]) {
    for (const [, name = ''] of `${text.zh} ${text.en}`.matchAll(/\{(\w+)\}/g)) {
      yield name
      yield name.replace(/(Percent|Seconds|Minutes|Hours|Days)$/, '')
    }
  }
}

function upTo(dialect: Dialect, above: number): Dialect {
  const { signals } = dialect.words
  return {
    ...dialect,
    words: { ...dialect.words, signals: signals.slice(0, above), later: signals.slice(above) },
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
    if (value === undefined) filling.fault(`there is no parameter ${name}`, path)
    filling.used.add(name)
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
