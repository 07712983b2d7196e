import { expect, test } from 'vitest'
import { parseDuration } from './fields.ts'

test.each([
  ['45s', 45_000],
  ['10m', 600_000],
  ['48h', 172_800_000],
  ['1h 30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['250ms', 250],
  ['0s', 0],
])('%s', (text, expected) => expect(parseDuration(text)).toBe(expected))

test.each(['', '45', '-5s', 's', '5 s', '5s5', '1e3s', 'Infinitys', '9'.repeat(40)])(
  '%s is no duration',
  (text) => expect(parseDuration(text)).toBeUndefined(),
)
