/**
 * JavaScript generator for checked CEL expressions and for reading the fields of a message (docs/decisions/0013).
 *
 * Each expression becomes one function, because every reading runs through dozens of them. Only numbers and quoted
 * literals of a rule get into the text. `rules/testing/interpret.ts` is the reference of what the functions return.
 */
import type { ASTNode } from '@marcbachmann/cel-js'
import type { FieldValue, FieldValues } from '../../model/device-type.ts'
import {
  absoluteValue,
  allKnown,
  changeFunctions,
  isTimeFunction,
  knownOrUndefined,
  timeFunctions,
} from './functions.ts'
import { binaryOperators, choose, isOneOf, minus, newestValue, not } from './operators.ts'
import { type Evaluate, type Layout, type ReadReported, slotOf, type Value } from './scope.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Valid CEL that rules may not use. */
export class UnsupportedExpression extends Error {}

/** What the expressions of a rule use besides fields. */
export interface Uses {
  /** The name of an event. */
  event: boolean
  /** The time of day, the day of the week or the sun. */
  time: boolean
  /** One of the rule's signals. */
  signal: boolean
  /** Names of parameters. */
  readonly parameters: Set<string>
}

export interface Target {
  readonly vocabulary: Vocabulary
  readonly layout: Layout
  /** Receives every slot that the expression reads. */
  readonly reads: Set<number>
  /** Updated with what the expression uses. */
  readonly uses: Uses
}

interface Generation extends Target {
  /** Declares a local variable of the function. */
  readonly variable: () => string
}

/** Functions that generated code calls by name. */
type Helpers = Readonly<Record<string, (...args: never[]) => unknown>>

const helpers: Helpers = {
  ...timeFunctions,
  ...changeFunctions,
  absoluteValue,
  allKnown,
  knownOrUndefined,
}

/**
 * Generates the function of an expression that passed the type check and gives true or false. For a device of another
 * type the result is unknown. Throws UnsupportedExpression.
 */
export function generateExpression(node: ASTNode, target: Target): Evaluate<boolean> {
  let count = 0
  const variable = (): string => {
    count += 1
    return `v${count}`
  }
  const text = generate(node, { ...target, variable })
  const names = Array.from({ length: count }, (_, index) => `v${index + 1}`)
  const body = `(scope) => {
  if (scope.type !== ${literal(target.vocabulary.type.type)}) return undefined
  ${names.length > 0 ? `let ${names.join(', ')}` : ''}
  return ${text}
}`
  return createFunction(body, helpers)
}

/** Values of a message by slot; the same array as `former` when nothing changed. NaN counts as not reported. */
export function readReported(
  layout: Layout,
  values: FieldValues,
  former: readonly Value[],
): readonly Value[] {
  layout.read ??= generateFieldReader(layout.fields)
  return layout.read(values, former)
}

const noValues: readonly Value[] = []

/** Looking up a dozen fields by name at run time took a tenth of the whole evaluation. */
function generateFieldReader(fields: readonly string[]): ReadReported {
  if (fields.length === 0) return () => noValues
  const declared = fields.map((field, slot) => `v${slot} = values[${literal(field)}]`)
  const same = fields.map((_, slot) => `isSameValue(v${slot}, former[${slot}])`)
  const kept = fields.map((_, slot) => `keepFormer(v${slot}, former[${slot}])`)
  const body = `(values, former) => {
  const ${declared.join(', ')}
  if (former.length === ${fields.length} && ${same.join(' && ')}) return former
  return [${kept.join(', ')}]
}`
  return createFunction(body, { isSameValue, keepFormer })
}

/** Lists are compared item by item, because every message brings new arrays. */
function isSameValue(value: FieldValue | undefined, former: Value): boolean {
  if (value === former) return true
  if (typeof value !== 'object' || typeof former !== 'object') return false
  return value.length === former.length && value.every((item, index) => item === former[index])
}

/** The former array where it is equal, so that later comparisons are by reference. */
function keepFormer(value: FieldValue | undefined, former: Value): Value {
  if (typeof value === 'object') return isSameValue(value, former) ? former : value
  return knownOrUndefined(value)
}

function createFunction<F>(body: string, named: Helpers): F {
  return new Function(...Object.keys(named), `'use strict'\nreturn ${body}`)(...Object.values(named)) as F
}

/** A value as JavaScript text; the JSON form keeps texts of people inside quotes. */
function literal(value: Value): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : value < 0 ? `(${value})` : String(value)
  if (value === undefined) return 'undefined'
  return JSON.stringify(value)
}

function generate(node: ASTNode, generation: Generation): string {
  const { variable } = generation
  switch (node.op) {
    case 'value':
      return literal(plainValue(node.args as Value | bigint))
    case 'id':
      return identifier(node.args, generation)
    case '.':
      return member(node.args[0], node.args[1])
    case 'list':
      return `allKnown([${node.args.map((item) => generate(item, generation)).join(', ')}])`
    case 'call':
      return call(node.args[0], node.args[1], generation)
    case '!_':
      return not(variable, generate(node.args, generation))
    case '-_':
      return minus(variable, '0', generate(node.args, generation))
    case '?:': {
      const [test, yes, no] = node.args.map((part) => generate(part, generation)) as [string, string, string]
      return choose(variable, test, [yes, no])
    }
    case '[]':
    case '[?]':
    case '.?':
    case 'rcall':
    case 'map':
      throw new UnsupportedExpression(
        `${node.op === 'rcall' ? `${node.args[0]}()` : node.op} cannot be used in rules`,
      )
    default:
      return binary(node, generation)
  }
}

const plainValue = (value: Value | bigint): Value => (typeof value === 'bigint' ? Number(value) : value)

function identifier(id: string, { vocabulary, layout, reads, uses }: Generation): string {
  const parameter = vocabulary.parameters.get(id)
  if (parameter !== undefined) {
    uses.parameters.add(id)
    return literal(parameter)
  }
  const signal = vocabulary.signals.indexOf(id)
  if (signal >= 0) {
    uses.signal = true
    return `scope.signals[${signal}]`
  }
  if (id === 'event') {
    uses.event = true
    return 'scope.event'
  }
  if (id === 'deviceType') return literal(vocabulary.type.type)
  if (vocabulary.laterSignals?.includes(id))
    throw new UnsupportedExpression(`a signal cannot use itself or a signal below it (${id})`)
  if (!(id in vocabulary.fields)) throw new UnsupportedExpression(`${id} cannot be used alone`)
  if (!(id in vocabulary.type.telemetry)) return 'undefined'
  const slot = slotOf(layout, id)
  reads.add(slot)
  return newestValue(slot)
}

function member(object: ASTNode, field: string): string {
  if (object.op === 'id' && object.args === 'meta') return `knownOrUndefined(scope.meta[${literal(field)}])`
  if (object.op === 'id' && object.args === 'home')
    return field === 'fragile' ? 'scope.home?.fragile' : 'scope.home?.persons'
  throw new UnsupportedExpression(`.${field} cannot be used here`)
}

function call(id: string, args: readonly ASTNode[], generation: Generation): string {
  if (Object.hasOwn(changeFunctions, id)) return changeCall(id, args, generation)
  if (id !== 'abs' && id !== 'orElse' && !isTimeFunction(id))
    throw new UnsupportedExpression(`${id}() cannot be used in rules`)
  const texts = args.map((arg) => generate(arg, generation))
  if (id === 'abs') return `absoluteValue(${texts[0]})`
  if (id === 'orElse') return `(${texts[0]} ?? ${texts[1]})`
  generation.uses.time = true
  return `${id}(${['scope', ...texts].join(', ')})`
}

const usage: Readonly<Record<string, string>> = {
  fell: 'fell() needs the name of a field, and by how much',
  rose: 'rose() needs the name of a field, by how much, and within how many seconds',
}

/** Of the reported value and the one known before it; unknown when either is missing. */
function changeCall(id: string, [field, ...others]: readonly ASTNode[], generation: Generation): string {
  const { vocabulary, layout, reads } = generation
  if (field?.op !== 'id' || !(field.args in vocabulary.fields))
    throw new UnsupportedExpression(usage[id] ?? `${id}() needs the name of a field`)
  const [by, within] = others.map((arg) => generate(arg, generation))
  if (!(field.args in vocabulary.type.telemetry)) return 'undefined'
  const slot = slotOf(layout, field.args)
  reads.add(slot)
  const before = `(scope.previousTimes.at ? scope.previousTimes.at[${slot}] : scope.previousTimes.ts)`
  const values = [`scope.reported[${slot}]`, `scope.previous[${slot}]`]
  if (id === 'fell') values.push(`${by}`)
  if (id === 'rose') values.push(`${by}`, `scope.now - ${before}`, `${within}`)
  return `${id}(${values.join(', ')})`
}

type Binary = Extract<ASTNode, { args: [ASTNode, ASTNode] }>

function binary(node: Binary, generation: Generation): string {
  const [first, second] = node.args
  const write = binaryOperators.get(node.op)
  if (!write) throw new UnsupportedExpression(`${node.op} cannot be used in rules`)
  const left = generate(first, generation)
  if (node.op !== 'in' || second.op !== 'list' || second.args.some(({ op }) => op !== 'value'))
    return write(generation.variable, left, generate(second, generation))
  const literals = second.args.map((item) => generate(item, generation))
  return isOneOf(generation.variable, left, literals)
}
