import { expect, test } from 'vitest'
import type { DeviceCredential } from '../model/ports/records.ts'
import { credentialWatch } from './credential-watch.ts'
import { createCredentials, hashSecret } from './secrets.ts'

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
  const kicked: string[] = []
  const credentials = createCredentials(stored)
  const follow = credentialWatch({
    credentials,
    load: async () => stored,
    disconnect: (device, reason) => kicked.push(`${device}: ${reason}`),
  })
  await follow()
  expect(kicked).toEqual([])

  stored = new Map([
    ['stays', credential('s')],
    ['changes', credential('new')],
    ['goes', credential('g', 1)],
    ['comes', credential('c')],
  ])
  await follow()
  expect(kicked).toEqual(['changes: secret changed', 'goes: revoked'])
  expect(credentials.check('changes', 'new')).toBe('ok')
  expect(credentials.check('changes', 'old')).toBe('wrong-secret')
  expect(credentials.check('goes', 'g')).toBe('revoked')
  expect(credentials.check('comes', 'c')).toBe('ok')
  await follow()
  expect(kicked).toHaveLength(2)
})
