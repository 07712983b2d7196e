/** Follows the stored credentials, so that imported secrets and revocations apply without a restart. */
import type { DeviceCredential } from '../model/ports/records.ts'
import type { Credentials } from './secrets.ts'

export interface CredentialWatchDeps {
  readonly credentials: Credentials
  load(): Promise<ReadonlyMap<string, DeviceCredential>>
  /** Disconnects a device that may no longer be connected. */
  disconnect(device: string, reason: string): unknown
}

/** Returns a function that reads the stored credentials once and applies changes; call it every few seconds. */
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
