/** JavaScript that is being written for one expression. */
import type { Evaluate, Value } from './scope.ts'

/** Functions that the text calls by name; everything else in it are operators, literals and places in the scope. */
export type Helpers = Readonly<Record<string, (...args: never[]) => unknown>>

export class Source {
  readonly #helpers: Helpers
  #variables = 0

  constructor(helpers: Helpers) {
    this.#helpers = helpers
  }

  /** A variable of its own, for a value that is looked at more than once. */
  variable(): string {
    this.#variables += 1
    return `v${this.#variables}`
  }

  /** `text` is the whole expression; for a device of another type the answer is unknown, whatever it says. */
  toFunction(text: string, type: string): Evaluate<boolean> {
    const names = Object.keys(this.#helpers)
    const variables = Array.from({ length: this.#variables }, (_, index) => `v${index + 1}`)
    const declared = variables.length > 0 ? `let ${variables.join(', ')}` : ''
    const body = `'use strict'
return (scope) => {
  if (scope.type !== ${literal(type)}) return undefined
  ${declared}
  return ${text}
}`
    return new Function(...names, body)(...Object.values(this.#helpers)) as Evaluate<boolean>
  }
}

/** As it is written in JavaScript; texts of people stay texts, whatever is in them. */
export function literal(value: Value): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : value < 0 ? `(${value})` : String(value)
  if (value === undefined) return 'undefined'
  return JSON.stringify(value)
}
