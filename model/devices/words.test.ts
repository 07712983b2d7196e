import { describe, expect, test } from 'vitest'
import { enumField, listField, wordText } from '../device-type.ts'
import type { Text } from '../text.ts'
import { deviceTypes } from './table.ts'

/** Every text of a type that people may see, with where it stands. */
function textsOf(type: string): (readonly [string, Text])[] {
  const described = deviceTypes.get(type)
  if (!described) return []
  const fields = Object.entries({ ...described.telemetry, ...described.meta })
  return [
    ['label', described.label],
    ...Object.entries(described.events),
    ...fields.flatMap(([name, field]) => [
      [name, field.label] as const,
      ...Object.entries(('words' in field && field.words) || {}).map(
        ([word, text]) => [`${name}.${word}`, text] as const,
      ),
    ]),
  ]
}

describe.each([...deviceTypes.keys()])('%s', (type) => {
  test('every text is there in both languages', () => {
    for (const [where, { zh, en }] of textsOf(type)) {
      expect(zh, where).toMatch(/\p{Script=Han}/u)
      expect(en, where).toMatch(/^[\x20-\x7e]+$/)
    }
  })

  test('every value has its word, and no two of a field read the same', () => {
    const described = deviceTypes.get(type)
    for (const [name, field] of Object.entries({ ...described?.telemetry, ...described?.meta })) {
      if (field.kind !== 'enum' && field.kind !== 'list') continue
      const words = field.values.map((value) => wordText(field, value))
      expect(words, name).not.toContain(undefined)
      for (const language of ['zh', 'en'] as const) {
        expect(new Set(words.map((word) => word?.[language])).size, name).toBe(words.length)
      }
    }
  })
})

describe('wordText', () => {
  const label = { zh: '门', en: 'Door' }
  const field = enumField(label, { shut: { zh: '关', en: 'shut' }, ajar: { zh: '半开', en: 'ajar' } })

  test('the values are the words, in their order', () => {
    expect(field.values).toEqual(['shut', 'ajar'])
    expect(listField(label, field.words)).toMatchObject({ kind: 'list', values: ['shut', 'ajar'] })
  })

  test.each([
    { of: field, word: 'ajar', want: '半开' },
    { of: field, word: 'broken', want: undefined },
    { of: field, word: 'constructor', want: undefined },
    { of: deviceTypes.get('door')?.telemetry.contact, word: true, want: '关' },
    { of: deviceTypes.get('door')?.telemetry.contact, word: false, want: '开' },
    { of: { kind: 'boolean', label } as const, word: true, want: undefined },
    { of: undefined, word: 'x', want: undefined },
  ])('$word: $want', ({ of, word, want }) => {
    expect(wordText(of, word)?.zh).toBe(want)
  })
})
