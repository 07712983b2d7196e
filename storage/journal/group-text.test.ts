import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitLines } from './codec.ts'
import { GroupText } from './group-text.ts'

function textOf(lines: readonly string[], expected: number): string {
  const text = new GroupText(expected)
  for (const line of lines) text.add(line)
  const bytes = text.bytes()
  expect(text.size).toBe(bytes.length)
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

const line = fc
  .oneof(fc.string({ maxLength: 2000 }), fc.string({ unit: 'binary', maxLength: 2000 }))
  .map((text) => JSON.stringify(text))

test('decodes to the same lines, for any length, script and expected size', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 40 }), fc.nat({ max: 5000 }), (lines, expected) => {
      expect(splitLines(textOf(lines, expected))).toEqual(lines)
    }),
  )
})

test('the bytes can be transferred to another thread', () => {
  const text = new GroupText()
  text.add('{}')
  const bytes = text.bytes()
  // Buffers from Node's shared pool cannot be transferred.
  expect(structuredClone(bytes, { transfer: [bytes.buffer] })).toHaveLength(2)
  expect(bytes).toHaveLength(0)
})
