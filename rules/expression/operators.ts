/**
 * JavaScript text of the three-valued operators: an unknown operand makes the result unknown, unless the other operand
 * alone decides it. Each writes itself around the text of its operands.
 */

/** Declares a new local variable and returns its name; for a value that is used more than once. */
export type NewVariable = () => string

type WriteBinary = (variable: NewVariable, left: string, right: string) => string

/** The newest known value of a field, or undefined when it is older than `scope.minTime`. */
export const newestValue = (slot: number): string =>
  `((scope.times ? scope.times[${slot}] : scope.reportedAt) >= scope.minTime ? scope.slots[${slot}] : undefined)`

export function not(variable: NewVariable, operand: string): string {
  const value = variable()
  return `((${value} = ${operand}) === undefined ? undefined : !${value})`
}

/** `decisive`: the value of one operand that decides the result alone. */
const logical =
  (decisive: boolean): WriteBinary =>
  (variable, left, right) => {
    const [a, b] = [variable(), variable()]
    const other = `${a} === undefined || ${b} === undefined ? undefined : ${!decisive}`
    return `((${a} = ${left}) === ${decisive} || (${b} = ${right}) === ${decisive} ? ${decisive} : ${other})`
  }

/** A result that is not a finite number (0 / 0, x / 0) is unknown. */
const arithmetic =
  (operator: string): WriteBinary =>
  (variable, left, right) => {
    const [a, b] = [variable(), variable()]
    const isKnown = `typeof (${a} = ${left}) === 'number' && typeof (${b} = ${right}) === 'number'`
    return `(${isKnown} && Number.isFinite(${a} = ${a} ${operator} ${b}) ? ${a} : undefined)`
  }

const comparison =
  (operator: string): WriteBinary =>
  (variable, left, right) => {
    const [a, b] = [variable(), variable()]
    const isUnknown = `(${a} = ${left}) === undefined || (${b} = ${right}) === undefined`
    return `(${isUnknown} ? undefined : ${a} ${operator} ${b})`
  }

const contains: WriteBinary = (variable, item, list) => {
  const [a, b] = [variable(), variable()]
  return `((${a} = ${item}) === undefined || (${b} = ${list}) === undefined ? undefined : ${b}.includes(${a}))`
}

/** `in` with a list of literals, the usual case. */
export function isOneOf(variable: NewVariable, item: string, literals: readonly string[]): string {
  const value = variable()
  const isAny = literals.map((one) => `${value} === ${one}`).join(' || ') || 'false'
  return `((${value} = ${item}) === undefined ? undefined : ${isAny})`
}

export function choose(variable: NewVariable, test: string, [yes, no]: readonly [string, string]): string {
  const value = variable()
  return `((${value} = ${test}) === undefined ? undefined : ${value} ? ${yes} : ${no})`
}

export const minus = arithmetic('-')

/** By their CEL name. */
export const binaryOperators: ReadonlyMap<string, WriteBinary> = new Map([
  ['&&', logical(false)],
  ['||', logical(true)],
  ['+', arithmetic('+')],
  ['-', minus],
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
