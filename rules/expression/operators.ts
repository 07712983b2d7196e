/**
 * The operators of an expression, three-valued: what is unknown makes the whole unknown unless the rest decides it alone.
 *
 * Each is a closure of its own that names its work itself instead of being handed it: every reading runs through dozens of
 * them, and a call that always goes to the same place costs nothing.
 */
import type { Evaluate, Value } from './scope.ts'

export type Known = NonNullable<Value>

export const constant =
  (value: Value): Evaluate =>
  () =>
    value

export function not(inner: Evaluate): Evaluate {
  return (scope) => {
    const value = inner(scope)
    return value === undefined ? undefined : !value
  }
}

export function and(left: Evaluate, right: Evaluate): Evaluate {
  return (scope) => {
    const first = left(scope)
    if (first === false) return false
    const second = right(scope)
    if (second === false) return false
    return first === undefined || second === undefined ? undefined : true
  }
}

export function or(left: Evaluate, right: Evaluate): Evaluate {
  return (scope) => {
    const first = left(scope)
    if (first === true) return true
    const second = right(scope)
    if (second === true) return true
    return first === undefined || second === undefined ? undefined : false
  }
}

type Arithmetic = (a: number, b: number) => number

export const arithmetics: ReadonlyMap<string, Arithmetic> = new Map<string, Arithmetic>([
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / b],
  ['%', (a, b) => a % b],
])

/** A result that is no finite number (0 / 0, x / 0) is unknown. */
export function arithmetic(left: Evaluate, right: Evaluate, work: Arithmetic): Evaluate {
  return (scope) => {
    const a = left(scope)
    const b = right(scope)
    if (typeof a !== 'number' || typeof b !== 'number') return undefined
    const result = work(a, b)
    return Number.isFinite(result) ? result : undefined
  }
}

interface Comparison {
  readonly of: (left: Evaluate, right: Evaluate) => Evaluate<boolean>
  /** With what is the same at every reading: by far most of them. */
  readonly with: (left: Evaluate, limit: Known) => Evaluate<boolean>
}

const comparison = (work: (a: Known, b: Known) => boolean, against: Comparison['with']): Comparison => ({
  with: against,
  of: (left, right) => (scope) => {
    const a = left(scope)
    if (a === undefined) return undefined
    const b = right(scope)
    return b === undefined ? undefined : work(a, b)
  },
})

export const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ['<', comparison((a, b) => a < b, lessThan)],
  ['<=', comparison((a, b) => a <= b, atMost)],
  ['>', comparison((a, b) => a > b, moreThan)],
  ['>=', comparison((a, b) => a >= b, atLeast)],
  ['==', comparison((a, b) => a === b, equalTo)],
  ['!=', comparison((a, b) => a !== b, otherThan)],
  ['in', comparison((word, words) => (words as readonly Value[]).includes(word), oneOf)],
])

function lessThan(left: Evaluate, limit: Known): Evaluate<boolean> {
  return (scope) => {
    const value = left(scope)
    return value === undefined ? undefined : value < limit
  }
}

function atMost(left: Evaluate, limit: Known): Evaluate<boolean> {
  return (scope) => {
    const value = left(scope)
    return value === undefined ? undefined : value <= limit
  }
}

function moreThan(left: Evaluate, limit: Known): Evaluate<boolean> {
  return (scope) => {
    const value = left(scope)
    return value === undefined ? undefined : value > limit
  }
}

function atLeast(left: Evaluate, limit: Known): Evaluate<boolean> {
  return (scope) => {
    const value = left(scope)
    return value === undefined ? undefined : value >= limit
  }
}

function equalTo(left: Evaluate, limit: Known): Evaluate<boolean> {
  return (scope) => {
    const value = left(scope)
    return value === undefined ? undefined : value === limit
  }
}

function otherThan(left: Evaluate, limit: Known): Evaluate<boolean> {
  return (scope) => {
    const value = left(scope)
    return value === undefined ? undefined : value !== limit
  }
}

function oneOf(left: Evaluate, words: Known): Evaluate<boolean> {
  const list = words as readonly Value[]
  return (scope) => {
    const word = left(scope)
    return word === undefined ? undefined : list.includes(word)
  }
}
