import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from './decode.ts'

const bytes = (text: string): Buffer => Buffer.from(text)

describe('decode', () => {
  test.each([
    ['nothing', Buffer.alloc(0), 'empty'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not-utf8'],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'not-json'],
    ['a byte order mark', bytes('\ufeff{"a":1}'), 'byte-order-mark'],
    ['a truncated object', bytes('{"a":1'), 'not-json'],
    ['NaN', bytes('{"a":NaN}'), 'not-json'],
    ['two objects', bytes('{}{}'), 'not-json'],
    ['an array', bytes('[{"a":1}]'), 'not-an-object'],
    ['null', bytes('null'), 'not-an-object'],
    ['a number', bytes('42'), 'not-an-object'],
    ['10,000 levels of arrays', bytes(`{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`), 'too-deep'],
    ['10,000 levels of objects', bytes(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`), 'too-deep'],
  ])('refuses %s', (_, payload, problem) => {
    expect(decode(payload)).toEqual({ problem })
  })

  test('accepts an object, the last of two equal keys, and leaves prototypes alone', () => {
    expect(decode(bytes('{"a":1,"a":2}'))).toEqual({ value: { a: 2 } })
    const result = decode(bytes('{"__proto__":{"polluted":true},"a":1}'))
    expect('value' in result && result.value.a).toBe(1)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('accepts a key of 60,000 characters and numbers beyond a double', () => {
    expect(decode(bytes(`{"${'k'.repeat(60_000)}":1}`))).toHaveProperty('value')
    expect(decode(bytes('{"a":1e400,"b":12345678901234567890}'))).toHaveProperty('value')
  })

  test('any bytes: an object or a reason, never a throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(bytes), fc.string().map(bytes)), (payload) => {
        const result = decode(payload)
        expect('problem' in result || typeof result.value === 'object').toBe(true)
      }),
    )
  })
})
