/**
 * Checked CEL to JavaScript with three-valued logic: a missing or NaN value makes a part unknown, and the whole is
 * unknown unless its other parts decide it alone (`false && unknown` is false, as in CEL itself).
 *
 * Written out as one function, because every reading runs through dozens of expressions: with a tree of closures all of judging
 * took a tenth longer (docs/decisions/0013). Nothing of what a person wrote gets into it but numbers, and texts as literals.
 */
import type { ASTNode } from '@marcbachmann/cel-js'
import type { Vocabulary } from './cel-environment.ts'
import { binaries, choose, isOneOf, newest, not } from './operators.ts'
import { type Evaluate, type Layout, slotOf, type Value } from './scope.ts'
import { type Helpers, literal, Source } from './source.ts'
import { isTimeFunction, timeFunctions } from './time-functions.ts'

/** An expression that is good CEL, but outside of what rules may use. */
export class UnsupportedExpression extends Error {}

/** What else than fields the expressions of a rule ask for. */
export interface Uses {
  /** The word of an event. */
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
  /** Gets every slot the expression reads. */
  readonly reads: Set<number>
  /** Set when the expression asks for such. */
  readonly uses: Uses
}

interface GeneratorState extends Target {
  readonly source: Source
}

/** 0.7 is 0.3 less than 1, whatever their difference is in binary. */
const rounding = 1e-9

const helpers = {
  ...timeFunctions,
  orUnknown: (value: Value): Value => (typeof value === 'number' && Number.isNaN(value) ? undefined : value),
  allKnown: (values: readonly Value[]) => (values.includes(undefined) ? undefined : values),
  absOf: (value: Value): Value => (typeof value === 'number' ? Math.abs(value) : undefined),
  changed: (now: Value, before: Value): Value =>
    now === undefined || before === undefined ? undefined : now !== before,
  grew: (now: Value, before: Value): Value =>
    now === undefined || before === undefined ? undefined : now > before,
  fell(now: Value, before: Value, by: Value): Value {
    if (typeof now !== 'number' || typeof before !== 'number' || typeof by !== 'number') return undefined
    return before - now >= by - rounding
  },
  /** `apart`: how long (ms) after the value before; what took longer is not known to have happened lately. */
  rose(now: Value, before: Value, by: Value, apart: number, within: Value): Value {
    if (typeof now !== 'number' || typeof before !== 'number') return undefined
    if (typeof by !== 'number' || typeof within !== 'number') return undefined
    if (now - before < by - rounding) return false
    return apart <= within * 1000 ? true : undefined
  },
} satisfies Helpers

/** The node must have passed the type check, and be a yes or no. Throws UnsupportedExpression. */
export function compileNode(node: ASTNode, target: Target): Evaluate<boolean> {
  const source = new Source(helpers)
  return source.toFunction(generate(node, { ...target, source }), target.vocabulary.type.type)
}

function generate(node: ASTNode, writing: GeneratorState): string {
  const { source } = writing
  switch (node.op) {
    case 'value':
      return literal(plain(node.args as Literal))
    case 'id':
      return name(node.args, writing)
    case '.':
      return member(node.args[0], node.args[1])
    case 'list':
      return `allKnown([${node.args.map((item) => generate(item, writing)).join(', ')}])`
    case 'call':
      return call(node.args[0], node.args[1], writing)
    case '!_':
      return not(source, generate(node.args, writing))
    case '-_':
      return binaries.get('-')?.(source, '0', generate(node.args, writing)) ?? ''
    case '?:': {
      const [test, yes, no] = node.args.map((part) => generate(part, writing)) as [string, string, string]
      return choose(source, test, [yes, no])
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
      return binary(node, writing)
  }
}

type Literal = Value | bigint
const plain = (value: Literal): Value => (typeof value === 'bigint' ? Number(value) : value)

function name(id: string, { vocabulary: words, layout, reads, uses }: GeneratorState): string {
  const parameter = words.parameters.get(id)
  if (parameter !== undefined) {
    uses.parameters.add(id)
    return literal(parameter)
  }
  const signal = words.signals.indexOf(id)
  if (signal >= 0) {
    uses.signal = true
    return `scope.signals[${signal}]`
  }
  if (id === 'event') {
    uses.event = true
    return 'scope.event'
  }
  if (id === 'deviceType') return literal(words.type.type)
  if (words.laterSignals?.includes(id))
    throw new UnsupportedExpression(`a signal cannot ask for itself or for one below it (${id})`)
  if (!(id in words.fields)) throw new UnsupportedExpression(`${id} cannot be used alone`)
  if (!(id in words.type.telemetry)) return 'undefined'
  const slot = slotOf(layout, id)
  reads.add(slot)
  return newest(slot)
}

function member(object: ASTNode, field: string): string {
  if (object.op === 'id' && object.args === 'meta') return `orUnknown(scope.meta[${literal(field)}])`
  if (object.op === 'id' && object.args === 'home')
    return field === 'fragile' ? 'scope.home?.fragile' : 'scope.home?.persons'
  throw new UnsupportedExpression(`.${field} cannot be used here`)
}

function call(id: string, args: readonly ASTNode[], writing: GeneratorState): string {
  const [first, second] = args
  if (id === 'abs' && first) return `absOf(${generate(first, writing)})`
  if (id === 'orElse' && first && second)
    return `(${generate(first, writing)} ?? ${generate(second, writing)})`
  if ((id === 'changed' || id === 'grew') && first) {
    if (!isField(first, writing)) throw new UnsupportedExpression(`${id}() takes the name of a field`)
    return difference(first.args, writing, (now, before) => `${id}(${now}, ${before})`)
  }
  if (id === 'fell' && first && second) {
    if (!isField(first, writing))
      throw new UnsupportedExpression('fell() takes the name of a field, and by how much')
    const by = generate(second, writing)
    return difference(first.args, writing, (now, before) => `fell(${now}, ${before}, ${by})`)
  }
  if (id === 'rose' && first) {
    if (!isField(first, writing))
      throw new UnsupportedExpression(
        'rose() takes the name of a field, by how much, and within how many seconds',
      )
    const [by, within] = args.slice(1).map((arg) => generate(arg, writing))
    return difference(
      first.args,
      writing,
      (now, before, apart) => `rose(${now}, ${before}, ${by}, ${apart}, ${within})`,
    )
  }
  if (isTimeFunction(id)) {
    writing.uses.time = true
    return `${id}(${['scope', ...args.map((arg) => generate(arg, writing))].join(', ')})`
  }
  throw new UnsupportedExpression(`${id}() cannot be used in rules`)
}

type Id = Extract<ASTNode, { op: 'id' }>

const isField = (node: ASTNode, { vocabulary: words }: GeneratorState): node is Id =>
  node.op === 'id' && node.args in words.fields

/** Of what this reading told and what was known before it; unknown when either is missing. */
function difference(
  field: string,
  { vocabulary: words, layout, reads }: GeneratorState,
  of: (now: string, before: string, apart: string) => string,
): string {
  if (!(field in words.type.telemetry)) return 'undefined'
  const slot = slotOf(layout, field)
  reads.add(slot)
  const told = `(scope.previousTimes.at ? scope.previousTimes.at[${slot}] : scope.previousTimes.ts)`
  return of(`scope.reported[${slot}]`, `scope.previous[${slot}]`, `scope.now - ${told}`)
}

type Binary = Extract<ASTNode, { args: [ASTNode, ASTNode] }>

function binary(node: Binary, writing: GeneratorState): string {
  const { source } = writing
  const [first, second] = node.args
  const operator = binaries.get(node.op)
  if (!operator) throw new UnsupportedExpression(`${node.op} cannot be used in rules`)
  const left = generate(first, writing)
  if (node.op === 'in' && second.op === 'list' && second.args.every(({ op }) => op === 'value'))
    return isOneOf(
      source,
      left,
      second.args.map((item) => generate(item, writing)),
    )
  return operator(source, left, generate(second, writing))
}
