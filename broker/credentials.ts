/** Credentials of devices. Secrets are random and long, so a fast hash is enough; compared in constant time. */
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

export interface CredentialWatchDeps {
  readonly credentials: Credentials
  load(): Promise<ReadonlyMap<string, DeviceCredential>>
  /** Disconnects a device that may no longer be connected. */
  disconnect(device: string, reason: string): unknown
}

/**
 * Follows the stored credentials, so that imported secrets and revocations apply without a restart. Returns a function
 * that reads them once and applies the changes; call it every few seconds.
 */
export function credentialWatch(deps: CredentialWatchDeps): () => Promise<void> {
  let before: ReadonlyMap<string, DeviceCredential> = new Map()
  return async () => {
    const now = await deps.load()
    for (const [device, credential] of now) {
      const known = before.get(device)
      if (known?.secretHash === credential.secretHash && known.revokedAt === credential.revokedAt) continue
      deps.credentials.set(device, credential)
      if (credential.revokedAt !== null) deps.disconnect(device, 'revoked')
      else if (known && known.secretHash !== credential.secretHash) deps.disconnect(device, 'secret changed')
    }
    before = now
  }
}
