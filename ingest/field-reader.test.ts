import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Field, StringField } from '../model/device-type.ts'
import type { JsonObject } from './decode.ts'
import { createFieldReader } from './field-reader.ts'
import { checkFields, compiledTypes } from './fields.ts'

const odd = fc.oneof(
  fc.double(),
  fc.constantFrom<unknown>(null, true, '', 'no such word', {}, [], ['no such word'], -0, 1e308),
)

/** A valid value of the field, bounds included. */
function right(field: Field | StringField): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'number': {
      const { min, max } = field
      const bound = fc.constantFrom(min, max)
      return field.integer
        ? fc.oneof(bound, fc.integer({ min: Math.ceil(min), max: Math.floor(Math.min(max, 2 ** 31)) }))
        : fc.oneof(bound, fc.double({ min, max, noNaN: true }))
    }
    case 'boolean':
      return fc.boolean()
    case 'enum':
      return fc.constantFrom(...field.values)
    case 'list':
      return fc.subarray([...field.values])
    case 'string':
      return fc.string({ maxLength: field.maxLength })
  }
}

const tables = [...compiledTypes.values()].flatMap(({ telemetry, meta }) => [telemetry, meta])

/** Payloads that mostly repeat the same fields in the same order, as devices do; a few have a wrong value. */
const payloads = fc.constantFrom(...tables).chain((fields) => {
  const names = fc.shuffledSubarray([...fields.keys(), 'ts', 'seq', '__proto__', 'unknownField'])
  const value = (name: string): fc.Arbitrary<unknown> => {
    const field = fields.get(name)
    return field ? fc.oneof({ weight: 30, arbitrary: right(field) }, { weight: 1, arbitrary: odd }) : odd
  }
  const payload = (keys: readonly string[]): fc.Arbitrary<JsonObject> =>
    fc
      .tuple(...keys.map((key) => value(key).map((one) => `${JSON.stringify(key)}:${JSON.stringify(one)}`)))
      .map((parts) => JSON.parse(`{${parts.join(',')}}`))
  return fc.record({
    fields: fc.constant(fields),
    objects: fc
      .array(names, { minLength: 1, maxLength: 3 })
      .chain((lists) => fc.array(fc.constantFrom(...lists).chain(payload), { minLength: 1, maxLength: 12 })),
  })
})

describe('createFieldReader', () => {
  test('gives the result of checkFields, in the same key order', () => {
    fc.assert(
      fc.property(payloads, ({ fields, objects }) => {
        const read = createFieldReader()
        for (const object of objects) {
          const expected = checkFields(object, fields)
          const found = read(object, fields)
          expect(found).toEqual(expected)
          expect(Object.keys(found.values)).toEqual(Object.keys(expected.values))
        }
      }),
      { numRuns: 400 },
    )
  })

  test('refuses what checkFields refuses, for every field of every type', () => {
    for (const fields of tables) {
      for (const [name, field] of fields) {
        const read = createFieldReader()
        const [sample] = fc.sample(right(field), 1)
        expect(read({ [name]: sample }, fields).dropped).toEqual([])
        const bounds = field.kind === 'number' ? [field.min - 1, field.max + 1, field.min + 0.5] : []
        const word = 'values' in field ? [field.values[0]] : []
        for (const value of [...bounds, ...word, 0.5, '1', true, null, [], ['no such word'], {}]) {
          const object = { [name]: value }
          expect(read(object, fields), `${name} ${value}`).toEqual(checkFields(object, fields))
        }
      }
    }
  })

  test('payloads beyond the shape cache are checked too', () => {
    const fields = compiledTypes.get('elevator')?.telemetry
    if (!fields) throw new Error('no elevator')
    const read = createFieldReader()
    const numbers = [...fields].filter(([, field]) => field.kind === 'boolean').map(([name]) => name)
    for (let mask = 1; mask < 2 ** Math.min(numbers.length, 6); mask++) {
      const object = Object.fromEntries(numbers.filter((_, n) => mask & (1 << n)).map((name) => [name, true]))
      expect(read(object, fields)).toEqual({ values: object, dropped: [] })
      expect(read(object, fields)).toEqual({ values: object, dropped: [] })
    }
  })

  test('drops a number that JSON can express but no field allows', () => {
    const fields = compiledTypes.get('elevator')?.telemetry
    if (!fields) throw new Error('no elevator')
    const read = createFieldReader()
    read({ carSpeed: 1 }, fields)
    expect(read({ carSpeed: 1e308 * 10 }, fields)).toEqual({
      values: {},
      dropped: [{ field: 'carSpeed', fault: 'not-a-number' }],
    })
  })
})
