/** Device secrets: random and long, so a fast hash is enough; compared in constant time. */
import { hash, timingSafeEqual } from 'node:crypto'
import type { DeviceCredential } from '../model/ports/records.ts'

/** Hex SHA-256 of a device's secret, as stored in the records. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret)
}

/** True when `secretHash` is the hash of `secret`, in constant time. */
export function secretMatches(secret: string, secretHash: string): boolean {
  const expected = Buffer.from(secretHash, 'hex')
  const given = Buffer.from(hashSecret(secret), 'hex')
  return expected.length === given.length && timingSafeEqual(expected, given)
}

export type LoginResult = 'ok' | 'unknown-device' | 'wrong-secret' | 'revoked'

/** No secret hashes to it; compared for unknown devices, so that they take as long as known ones. */
const NO_HASH = '0'.repeat(64)

export interface Credentials {
  check(device: string, secret: string): LoginResult
  set(device: string, credential: DeviceCredential): void
}

/** Credentials in memory, so that a login does not wait for the records. */
export function createCredentials(all: ReadonlyMap<string, DeviceCredential>): Credentials {
  const known = new Map(all)
  return {
    check(device, secret) {
      const credential = known.get(device)
      const matches = secretMatches(secret, credential?.secretHash ?? NO_HASH)
      if (!credential) return 'unknown-device'
      if (!matches) return 'wrong-secret'
      return credential.revokedAt === null ? 'ok' : 'revoked'
    },
    set: (device, credential) => known.set(device, credential),
  }
}
