import { describe, expect, test } from 'vitest'
import type { DeviceCredential } from '../model/ports/records.ts'
import { createCredentials, credentialWatch, hashSecret, secretMatches } from './credentials.ts'

describe('secrets', () => {
  test('only the secret itself matches its hash', () => {
    const stored = hashSecret('s3cret')
    expect(stored).toMatch(/^[0-9a-f]{64}$/)
    expect(secretMatches('s3cret', stored)).toBe(true)
    expect(secretMatches('s3cret ', stored)).toBe(false)
    expect(secretMatches('', stored)).toBe(false)
  })

  test.each(['', 'zz', 'abcd', 'f'.repeat(63), 'f'.repeat(66)])(
    'a damaged hash %j matches nothing',
    (stored) => {
      expect(secretMatches('s3cret', stored)).toBe(false)
      expect(secretMatches('', stored)).toBe(false)
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

const credential = (secret: string, revokedAt: number | null = null): DeviceCredential => ({
  secretHash: hashSecret(secret),
  revokedAt,
})

test('applies new secrets and disconnects only devices with changed or revoked ones', async () => {
  let stored = new Map([
    ['stays', credential('s')],
    ['changes', credential('old')],
    ['goes', credential('g')],
  ])
  const disconnected: string[] = []
  const credentials = createCredentials(stored)
  const follow = credentialWatch({
    credentials,
    load: async () => stored,
    disconnect: (device, reason) => disconnected.push(`${device}: ${reason}`),
  })
  await follow()
  expect(disconnected).toEqual([])

  stored = new Map([
    ['stays', credential('s')],
    ['changes', credential('new')],
    ['goes', credential('g', 1)],
    ['comes', credential('c')],
  ])
  await follow()
  expect(disconnected).toEqual(['changes: secret changed', 'goes: revoked'])
  expect(credentials.check('changes', 'new')).toBe('ok')
  expect(credentials.check('changes', 'old')).toBe('wrong-secret')
  expect(credentials.check('goes', 'g')).toBe('revoked')
  expect(credentials.check('comes', 'c')).toBe('ok')
  await follow()
  expect(disconnected).toHaveLength(2)
})
