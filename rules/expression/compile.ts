/**
 * Checked CEL to closures with three-valued logic: a missing or NaN value makes a part unknown, and the whole is
 * unknown unless its other parts decide it alone (`false && unknown` is false, as in CEL itself).
 */
import type { ASTNode } from '@marcbachmann/cel-js'
import type { FieldValues } from '../../model/device-type.ts'
import type { Words } from './language.ts'
import { and, arithmetic, arithmetics, comparisons, constant, type Known, not, or } from './operators.ts'
import { type Evaluate, type Layout, slotOf, type Value } from './scope.ts'
import { isTimeWord, timeWord } from './time-words.ts'

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
  readonly words: Words
  readonly layout: Layout
  /** Gets every slot the expression reads. */
  readonly reads: Set<number>
  /** Set when the expression asks for such. */
  readonly uses: Uses
}

/** The node must have passed the type check. */
export function compileNode(node: ASTNode, target: Target): Evaluate {
  switch (node.op) {
    case 'value':
      return constant(literal(node.args as Literal))
    case 'id':
      return name(node.args, target)
    case '.':
      return member(node.args[0], node.args[1])
    case 'list':
      return list(node.args, target)
    case 'call':
      return call(node.args[0], node.args[1], target)
    case '!_':
      return not(compileNode(node.args, target))
    case '-_':
      return arithmetic(constant(0), compileNode(node.args, target), (left, right) => left - right)
    case '&&':
      return and(compileNode(node.args[0], target), compileNode(node.args[1], target))
    case '||':
      return or(compileNode(node.args[0], target), compileNode(node.args[1], target))
    case '?:':
      return choose(node.args, target)
    case '[]':
    case '[?]':
    case '.?':
    case 'rcall':
    case 'map':
      throw new UnsupportedExpression(
        `${node.op === 'rcall' ? `${node.args[0]}()` : node.op} cannot be used in rules`,
      )
    default:
      return binary(node, target)
  }
}

type Literal = Value | bigint
const literal = (value: Literal): Value => (typeof value === 'bigint' ? Number(value) : value)

function name(id: string, target: Target): Evaluate {
  const { words, layout, reads } = target
  const parameter = words.parameters.get(id)
  if (parameter !== undefined) {
    target.uses.parameters.add(id)
    return constant(parameter)
  }
  const signal = words.signals.indexOf(id)
  if (signal >= 0) {
    target.uses.signal = true
    return (scope) => scope.signals[signal]
  }
  if (id === 'event') {
    target.uses.event = true
    return (scope) => scope.event
  }
  if (words.later?.includes(id))
    throw new UnsupportedExpression(`a signal cannot ask for itself or for one below it (${id})`)
  if (!(id in words.fields)) throw new UnsupportedExpression(`${id} cannot be used alone`)
  if (!(id in words.type.telemetry)) return constant(undefined)
  const slot = slotOf(layout, id)
  reads.add(slot)
  return (scope) => {
    const at = scope.at ? (scope.at[slot] as number) : scope.toldAt
    return at >= scope.oldest ? scope.slots[slot] : undefined
  }
}

function member(object: ASTNode, field: string): Evaluate {
  if (object.op === 'id' && object.args === 'meta')
    return (scope) => known((scope.meta as FieldValues)[field])
  if (object.op === 'id' && object.args === 'home')
    return field === 'fragile' ? (scope) => scope.home?.fragile : (scope) => scope.home?.persons
  throw new UnsupportedExpression(`.${field} cannot be used here`)
}

const known = (value: Value): Value => (typeof value === 'number' && Number.isNaN(value) ? undefined : value)

function list(items: readonly ASTNode[], target: Target): Evaluate {
  const parts = items.map((item) => compileNode(item, target))
  const known = items.every((item) => item.op === 'value')
  if (known) return constant(items.map((item) => literal(item.args as Literal)) as string[])
  return (scope) => {
    const values = parts.map((part) => part(scope))
    return values.includes(undefined) ? undefined : (values as string[])
  }
}

function call(id: string, args: readonly ASTNode[], target: Target): Evaluate {
  const [first, second] = args
  if (id === 'abs' && first) {
    const inner = compileNode(first, target)
    return (scope) => {
      const value = inner(scope)
      return typeof value === 'number' ? Math.abs(value) : undefined
    }
  }
  if (id === 'orElse' && first && second) {
    const inner = compileNode(first, target)
    const other = compileNode(second, target)
    return (scope) => inner(scope) ?? other(scope)
  }
  if ((id === 'changed' || id === 'grew') && first) return difference(id, first, target)
  if (id === 'fell' && first && second) return fall(first, compileNode(second, target), target)
  if (isTimeWord(id)) {
    target.uses.time = true
    return timeWord(
      id,
      args.map((arg) => compileNode(arg, target)),
    )
  }
  throw new UnsupportedExpression(`${id}() cannot be used in rules`)
}

/** True when this reading tells another (a greater) value than was known before; unknown when either is missing. */
function difference(id: 'changed' | 'grew', node: ASTNode, { words, layout, reads }: Target): Evaluate {
  if (node.op !== 'id' || !(node.args in words.fields))
    throw new UnsupportedExpression(`${id}() takes the name of a field`)
  if (!(node.args in words.type.telemetry)) return constant(undefined)
  const slot = slotOf(layout, node.args)
  reads.add(slot)
  return (scope) => {
    const now = scope.own[slot]
    const before = scope.before[slot]
    if (now === undefined || before === undefined) return undefined
    return id === 'changed' ? now !== before : now > before
  }
}

/** 0.7 is 0.3 less than 1, whatever their difference is in binary. */
const rounding = 1e-9

/** True when this reading tells a value at least so much lower than was known before; unknown when either is missing. */
function fall(node: ASTNode, by: Evaluate, { words, layout, reads }: Target): Evaluate {
  if (node.op !== 'id' || !(node.args in words.fields))
    throw new UnsupportedExpression('fell() takes the name of a field, and by how much')
  if (!(node.args in words.type.telemetry)) return constant(undefined)
  const slot = slotOf(layout, node.args)
  reads.add(slot)
  return (scope) => {
    const now = scope.own[slot]
    const before = scope.before[slot]
    const least = by(scope)
    if (typeof now !== 'number' || typeof before !== 'number' || typeof least !== 'number') return undefined
    return before - now >= least - rounding
  }
}

function choose([test, yes, no]: readonly [ASTNode, ASTNode, ASTNode], target: Target): Evaluate {
  const [decide, first, second] = [
    compileNode(test, target),
    compileNode(yes, target),
    compileNode(no, target),
  ]
  return (scope) => {
    const value = decide(scope)
    if (value === undefined) return undefined
    return value ? first(scope) : second(scope)
  }
}

type Binary = Extract<ASTNode, { args: [ASTNode, ASTNode] }>

function binary(node: Binary, target: Target): Evaluate {
  const [first, second] = node.args
  const left = compileNode(first, target)
  const right = compileNode(second, target)
  const work = arithmetics.get(node.op)
  if (work) return arithmetic(left, right, work)
  const comparison = comparisons.get(node.op)
  if (!comparison) throw new UnsupportedExpression(`${node.op} cannot be used in rules`)
  const limit = fixed(second, target)
  return limit === undefined ? comparison.of(left, right) : comparison.with(left, limit)
}

/** What a part always is, when that is known before any reading: a literal, a list of such, or a parameter. */
function fixed(node: ASTNode, { words }: Target): Known | undefined {
  if (node.op === 'value') return literal(node.args as Literal)
  if (node.op === 'id') return words.parameters.get(node.args)
  if (node.op !== 'list' || !node.args.every((item) => item.op === 'value')) return undefined
  return node.args.map((item) => literal(item.args as Literal)) as string[]
}
