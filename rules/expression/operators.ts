/**
 * The operators of an expression, three-valued: what is unknown makes the whole unknown unless the rest decides it alone.
 * Each writes the JavaScript of itself around that of its operands.
 */
import type { Source } from './source.ts'

type Write = (source: Source, left: string, right: string) => string

/** The newest known value of a field, unless it is too old to be believed. */
export const newest = (slot: number): string =>
  `((scope.times ? scope.times[${slot}] : scope.reportedAt) >= scope.minTime ? scope.slots[${slot}] : undefined)`

export function not(source: Source, inner: string): string {
  const value = source.variable()
  return `((${value} = ${inner}) === undefined ? undefined : !${value})`
}

/** `decisive`: what one operand alone makes of the whole. */
const logical =
  (decisive: boolean): Write =>
  (source, left, right) => {
    const [a, b] = [source.variable(), source.variable()]
    const other = `${a} === undefined || ${b} === undefined ? undefined : ${!decisive}`
    return `((${a} = ${left}) === ${decisive} || (${b} = ${right}) === ${decisive} ? ${decisive} : ${other})`
  }

/** A result that is no finite number (0 / 0, x / 0) is unknown. */
const arithmetic =
  (operator: string): Write =>
  (source, left, right) => {
    const [a, b] = [source.variable(), source.variable()]
    const isKnown = `typeof (${a} = ${left}) === 'number' && typeof (${b} = ${right}) === 'number'`
    return `(${isKnown} && Number.isFinite(${a} = ${a} ${operator} ${b}) ? ${a} : undefined)`
  }

const comparison =
  (operator: string): Write =>
  (source, left, right) => {
    const [a, b] = [source.variable(), source.variable()]
    const isUnknown = `(${a} = ${left}) === undefined || (${b} = ${right}) === undefined`
    return `(${isUnknown} ? undefined : ${a} ${operator} ${b})`
  }

export function contains(source: Source, word: string, words: string): string {
  const [a, b] = [source.variable(), source.variable()]
  return `((${a} = ${word}) === undefined || (${b} = ${words}) === undefined ? undefined : ${b}.includes(${a}))`
}

/** `words` are known before any reading, as in by far most cases. */
export function isOneOf(source: Source, word: string, words: readonly string[]): string {
  const value = source.variable()
  const is = words.map((one) => `${value} === ${one}`).join(' || ') || 'false'
  return `((${value} = ${word}) === undefined ? undefined : ${is})`
}

export function choose(source: Source, test: string, [yes, no]: readonly [string, string]): string {
  const value = source.variable()
  return `((${value} = ${test}) === undefined ? undefined : ${value} ? ${yes} : ${no})`
}

export const binaries: ReadonlyMap<string, Write> = new Map([
  ['&&', logical(false)],
  ['||', logical(true)],
  ['+', arithmetic('+')],
  ['-', arithmetic('-')],
  ['*', arithmetic('*')],
  ['/', arithmetic('/')],
  ['%', arithmetic('%')],
  ['<', comparison('<')],
  ['<=', comparison('<=')],
  ['>', comparison('>')],
  ['>=', comparison('>=')],
  ['==', comparison('===')],
  ['!=', comparison('!==')],
  ['in', contains],
])
