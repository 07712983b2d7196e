/** Generated functions return what the plain interpreter returns, on random expressions, scopes and messages. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FieldValues } from '../../model/device-type.ts'
import { interpret } from '../testing/interpret.ts'
import { elevatorContext, facts, randomExpressions, scopeOf, world } from '../testing/random-expressions.ts'
import { generateExpression, readReported } from './generate-code.ts'
import type { Layout, Value } from './scope.ts'

const runs = Number(process.env.LINLI_PROPERTY_RUNS ?? 2000)

test('expressions', () => {
  const { truth } = randomExpressions({ replacing: true })
  const results = new Map<Value, number>()
  fc.assert(
    fc.property(
      truth,
      world,
      fc.uniqueArray(fc.constantFrom(...facts)),
      fc.boolean(),
      fc.constantFrom(0, 30_000, 90_000),
      (text, known, missing, stale, elapsed) => {
        const node = elevatorContext.environment.parse(text).ast
        const scope = scopeOf(known, new Set(missing), stale)
        scope.previousTimes = { ts: scope.now - elapsed, at: undefined }
        const result = generateExpression(node, elevatorContext)(scope)
        expect(result, text).toBe(interpret(node, elevatorContext, scope))
        results.set(result, (results.get(result) ?? 0) + 1)
      },
    ),
    { numRuns: runs },
  )
  for (const result of [true, false, undefined]) expect(results.get(result)).toBeGreaterThan(runs / 20)
})

test('fields of messages', () => {
  const message: fc.Arbitrary<FieldValues> = fc.record(
    {
      speed: fc.constantFrom(0, 1, 2, Number.NaN),
      door: fc.constantFrom('open', 'closed'),
      zone: fc.boolean(),
      faults: fc.constantFrom<readonly string[]>([], ['a'], ['a', 'b']),
      'odd "name"': fc.constantFrom(1, 2),
    },
    { requiredKeys: [] },
  )
  const fields = ['speed', 'door', 'faults', 'odd "name"']
  const plain = (values: FieldValues): Value[] =>
    fields.map((field) => (Number.isNaN(values[field]) ? undefined : values[field]))
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 8 }), (messages) => {
      const layout: Layout = { type: 'lift', fields: [...fields] }
      let former: readonly Value[] = []
      for (const values of messages) {
        const read = readReported(layout, structuredClone(values), former)
        expect(read).toEqual(plain(values))
        const isSame = former.length > 0 && JSON.stringify(plain(values)) === JSON.stringify(former)
        if (isSame && !Object.values(values).some(Number.isNaN)) expect(read).toBe(former)
        former = read
      }
    }),
  )
})
