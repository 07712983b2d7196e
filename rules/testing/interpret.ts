/** Reference interpreter of rule expressions: walks the tree without generating code. The generator must return the same. */
import type { ASTNode } from '@marcbachmann/cel-js'
import type { ExpressionContext } from '../expression/expression.ts'
import {
  absoluteValue,
  allKnown,
  changeFunctions,
  knownOrUndefined,
  timeFunctions,
} from '../expression/functions.ts'
import { previousValueTime, type Scope, type Value, valueTime } from '../expression/scope.ts'

type Context = Pick<ExpressionContext, 'vocabulary' | 'layout'>
type Run = (node: ASTNode) => Value

/** The value of a checked expression; undefined = unknown. Throws for what rules may not use. */
export function interpret(node: ASTNode, context: Context, scope: Scope): Value {
  const run: Run = (inner) => interpret(inner, context, scope)
  switch (node.op) {
    case 'value':
      return typeof node.args === 'bigint' ? Number(node.args) : (node.args as Value)
    case 'id':
      return identifier(node.args, context, scope)
    case '.':
      return member(node.args[0], node.args[1], scope)
    case 'list':
      return allKnown(node.args.map(run)) as Value
    case 'call':
      return call(node.args[0], node.args[1], { run, context, scope })
    case '!_': {
      const value = run(node.args)
      return value === undefined ? undefined : !value
    }
    case '-_':
      return calculate('-', 0, run(node.args))
    case '?:': {
      const [test, yes, no] = node.args
      const value = run(test)
      return value === undefined ? undefined : run(value ? yes : no)
    }
    default:
      return binary(node.op, (node.args as [ASTNode, ASTNode]).map(run) as [Value, Value])
  }
}

function identifier(id: string, { vocabulary, layout }: Context, scope: Scope): Value {
  if (vocabulary.parameters.has(id)) return vocabulary.parameters.get(id)
  const signal = vocabulary.signals.indexOf(id)
  if (signal >= 0) return scope.signals[signal]
  if (id === 'event') return scope.event
  if (id === 'deviceType') return scope.type
  const slot = layout.fields.indexOf(id)
  return slot >= 0 && valueTime(scope, slot) >= scope.minTime ? scope.slots[slot] : undefined
}

function member(object: ASTNode, field: string, { meta, home }: Scope): Value {
  if (object.args === 'meta') return knownOrUndefined(meta[field])
  return field === 'fragile' ? home?.fragile : home?.persons
}

interface Call {
  readonly run: Run
  readonly context: Context
  readonly scope: Scope
}

function call(id: string, args: readonly ASTNode[], { run, context, scope }: Call): Value {
  const [first, second, third] = args
  if (id === 'orElse') return run(first as ASTNode) ?? run(second as ASTNode)
  if (id === 'abs') return absoluteValue(run(first as ASTNode))
  if (!Object.hasOwn(changeFunctions, id)) {
    const time = timeFunctions[id as keyof typeof timeFunctions]
    return time(scope, second && first ? run(first) : undefined, second ? run(second) : undefined)
  }
  const slot = context.layout.fields.indexOf(String(first?.args))
  const [now, before] = [scope.reported[slot], scope.previous[slot]]
  const by = second && run(second)
  if (id === 'changed') return changeFunctions.changed(now, before)
  if (id === 'grew') return changeFunctions.grew(now, before)
  if (id === 'fell') return changeFunctions.fell(now, before, by)
  return changeFunctions.rose(
    now,
    before,
    by,
    scope.now - previousValueTime(scope, slot),
    third && run(third),
  )
}

function binary(operator: string, [left, right]: [Value, Value]): Value {
  if (operator === '&&' || operator === '||') {
    const decisive = operator === '||'
    if (left === decisive || right === decisive) return decisive
    return left === undefined || right === undefined ? undefined : !decisive
  }
  if ('+-*/%'.includes(operator)) return calculate(operator, left, right)
  if (left === undefined || right === undefined) return undefined
  if (operator === 'in') return (right as readonly Value[]).includes(left)
  if (operator === '==') return left === right
  if (operator === '!=') return left !== right
  if (operator === '<') return left < right
  if (operator === '<=') return left <= right
  return operator === '>' ? left > right : left >= right
}

function calculate(operator: string, left: Value, right: Value): Value {
  if (typeof left !== 'number' || typeof right !== 'number') return undefined
  const results: Readonly<Record<string, number>> = {
    '+': left + right,
    '-': left - right,
    '*': left * right,
    '/': left / right,
    '%': left % right,
  }
  const result = results[operator]
  return Number.isFinite(result) ? result : undefined
}
