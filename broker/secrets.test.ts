import { describe, expect, test } from 'vitest'
import { createCredentials, hashSecret, secretMatches } from './secrets.ts'

describe('secrets', () => {
  test('only the secret itself matches its hash', () => {
    const kept = hashSecret('s3cret')
    expect(kept).toMatch(/^[0-9a-f]{64}$/)
    expect(secretMatches('s3cret', kept)).toBe(true)
    expect(secretMatches('s3cret ', kept)).toBe(false)
    expect(secretMatches('', kept)).toBe(false)
  })

  test.each(['', 'zz', 'abcd', 'f'.repeat(63), 'f'.repeat(66)])(
    'a damaged hash %j matches nothing',
    (kept) => {
      expect(secretMatches('s3cret', kept)).toBe(false)
      expect(secretMatches('', kept)).toBe(false)
    },
  )

  test('credentials give the reason of a refusal', () => {
    const secretHash = hashSecret('right')
    const credentials = createCredentials(
      new Map([
        ['bin-1', { secretHash, revokedAt: null }],
        ['bin-2', { secretHash, revokedAt: 1000 }],
      ]),
    )
    expect(credentials.check('bin-1', 'right')).toBe('ok')
    expect(credentials.check('bin-1', 'wrong')).toBe('wrong-secret')
    expect(credentials.check('bin-2', 'right')).toBe('revoked')
    expect(credentials.check('bin-2', 'wrong')).toBe('wrong-secret')
    expect(credentials.check('__proto__', 'right')).toBe('unknown-device')
    credentials.set('bin-1', { secretHash: hashSecret('new'), revokedAt: null })
    expect(credentials.check('bin-1', 'right')).toBe('wrong-secret')
    expect(credentials.check('bin-1', 'new')).toBe('ok')
  })
})
