/**
 * Unknown values decide nothing: a result given although values are missing is the result whatever the values are.
 * `orElse` is left out, because its purpose is to replace missing values.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  elevatorContext,
  facts,
  randomExpressions,
  scopeOf,
  type World,
  world,
} from '../testing/random-expressions.ts'
import { compileExpression } from './expression.ts'

const { number, truth } = randomExpressions({ replacing: false })
const runs = Number(process.env.LINLI_PROPERTY_RUNS ?? 1000)

function compile(text: string) {
  const compiled = compileExpression(text, [elevatorContext])
  if ('problems' in compiled) throw new Error(`${text}: ${compiled.problems.join('; ')}`)
  return compiled.evaluate
}

describe('with missing values', () => {
  test('a known result is the same for every possible value', () => {
    let known = 0
    let unknown = 0
    fc.assert(
      fc.property(
        truth,
        world,
        fc.array(world, { minLength: 3, maxLength: 3 }),
        fc.uniqueArray(fc.constantFrom(...facts)),
        fc.boolean(),
        (text, complete, others, gone, stale) => {
          const evaluate = compile(text)
          const result = evaluate(scopeOf(complete, new Set(gone), stale))
          if (result === undefined) {
            unknown += 1
            return
          }
          known += 1
          for (const other of [complete, ...others]) {
            const filled = {
              ...complete,
              ...Object.fromEntries(gone.map((name) => [name, other[name]])),
            } as World
            const whole = evaluate(scopeOf(filled, new Set(), false))
            // Some results are unknown even when all values are known (x / 0).
            if (whole !== undefined) expect(whole, text).toBe(result)
          }
        },
      ),
      { numRuns: runs },
    )
    expect(known).toBeGreaterThan(runs / 10)
    expect(unknown).toBeGreaterThan(runs / 10)
  })

  const reads = /car[A-Z]|faultSignals|occupied|localHour|sunElevation|between|dayOfWeek|meta|home|deviceType/
  const decides = /&&|\|\||\?/
  const everything = new Set(facts)

  test('an expression that reads anything is unknown when nothing is known', () => {
    const reading = truth.filter((text) => reads.test(text) && !decides.test(text))
    fc.assert(
      fc.property(reading, world, fc.boolean(), (text, complete, stale) => {
        expect(compile(text)(scopeOf(complete, everything, stale)), text).toBeUndefined()
      }),
      { numRuns: runs },
    )
  })

  test('a number that reads anything is unknown when nothing is known', () => {
    const reading = number.filter((text) => reads.test(text))
    fc.assert(
      fc.property(reading, world, fc.boolean(), (text, complete, stale) => {
        const both = compile(`${text} > 0.0 || ${text} <= 0.0`)
        expect(both(scopeOf(complete, everything, stale)), text).toBeUndefined()
      }),
      { numRuns: runs },
    )
  })
})
