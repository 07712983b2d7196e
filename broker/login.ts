/** The two hooks of a login: first the CONNECT itself, then the secret. */
import type { AedesOptions, Client } from 'aedes'
import { checkConnect, returnCodes } from './connect.ts'
import type { Connections } from './connections.ts'
import type { Guard } from './guard.ts'
import type { FailedLogins, Takeovers } from './login-limits.ts'
import { type Refusals, RefusedError } from './refusals.ts'
import { createSession, type DevicePlace } from './session.ts'

/** `ok` or the reason of the refusal; `revoked` gets another return code than a wrong secret. */
export type Authenticate = (device: string, secret: string) => string | Promise<string>

export interface LoginDeps {
  readonly authenticate: Authenticate
  readonly deviceTopic: (device: string) => DevicePlace | undefined
  readonly guardOf: (client: Client) => Guard
  readonly connections: Connections
  readonly failedLogins: FailedLogins
  readonly takeovers: Takeovers
  readonly refusals: Refusals
  readonly onTakeover: () => void
  readonly keepaliveLimit: number
}

type PreConnect = NonNullable<AedesOptions['preConnect']>
type AuthenticateHook = NonNullable<AedesOptions['authenticate']>

export function preConnectHook(deps: LoginDeps): PreConnect {
  return (client, packet, done) => {
    const guard = deps.guardOf(client)
    const place = deps.deviceTopic(String(packet.clientId))
    const refusal = checkConnect(packet, { place, certificateName: guard.certificateName })
    if (refusal) {
      deps.refusals.connect(refusal.reason, {
        address: guard.remoteAddress,
        version: packet.protocolVersion,
      })
      guard.refuse(refusal.returnCode)
      done(new RefusedError(refusal.reason), false)
      return
    }
    // Without a keep-alive a half-open connection would count as alive for ever (MQTT 3.1.1 lets a server disconnect).
    guard.keepAlive = Math.min(packet.keepalive || deps.keepaliveLimit, deps.keepaliveLimit)
    // Enforced by the guard, because Aedes does not see most messages.
    packet.keepalive = 0
    done(null, true)
  }
}

/** Return codes of refusals for another reason than the secret. */
const codes: ReadonlyMap<string, number> = new Map([
  ['revoked', returnCodes.notAuthorized],
  ['identity-used-twice', returnCodes.unavailable],
  ['unavailable', returnCodes.unavailable],
])

export function authenticateHook(deps: LoginDeps): AuthenticateHook {
  const { connections, refusals } = deps

  /** Rejects the login, with a delay when the address has failed often. */
  function refuse(guard: Guard, device: string, reason: string, reject: (error: never) => void): void {
    refusals.connect(reason, { address: guard.remoteAddress, device })
    const returnCode = codes.get(reason) ?? returnCodes.credentials
    const answer = (): void => {
      guard.halt()
      reject(Object.assign(new RefusedError(reason), { returnCode }) as never)
    }
    const isGuess = returnCode !== returnCodes.unavailable
    const delay = isGuess ? deps.failedLogins.note(guard.remoteAddress) : 0
    if (delay === 0) {
      answer()
      return
    }
    const timer = setTimeout(answer, delay * 1000)
    timer.unref()
    guard.once('close', () => clearTimeout(timer))
  }

  /** The secret is correct: makes this the device's connection, unless there is another reason against it. */
  function admit(guard: Guard, device: string): string {
    const place = deps.deviceTopic(device)
    if (!place) return 'unknown-device'
    if (connections.of(device)) {
      if (!deps.takeovers.allow(device)) return 'identity-used-twice'
      deps.onTakeover()
    }
    connections.enter(createSession(device, place), guard)
    return 'ok'
  }

  async function check(guard: Guard, device: string, secret: string): Promise<string> {
    try {
      const result = await deps.authenticate(device, secret)
      return result === 'ok' && !guard.destroyed ? admit(guard, device) : result
    } catch (error) {
      refusals.failed('login', device, error)
      return 'unavailable'
    }
  }

  return (client, username, password, done) => {
    const guard = deps.guardOf(client)
    const device = String(username)
    check(guard, device, String(password))
      .then((reason) => {
        if (guard.destroyed) return
        if (reason === 'ok') done(null, true)
        else refuse(guard, device, reason, (error) => done(error, false))
      })
      .catch((error: unknown) => refusals.failed('login', device, error))
  }
}
