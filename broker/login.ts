/** The two hooks of a login: the CONNECT itself, then the secret. */
import type { AedesOptions, Client } from 'aedes'
import { judgeConnect, returnCodes } from './connect.ts'
import type { FailedLogins } from './failed-logins.ts'
import type { Guard } from './guard.ts'
import { type Refusals, RefusedError } from './refusals.ts'
import { createSession, type DevicePlace } from './session.ts'
import type { Takeovers } from './takeovers.ts'

/** `ok`, or the reason why not; `revoked` is told apart from a wrong secret in the answer. */
export type Authenticate = (device: string, secret: string) => string | Promise<string>

export interface LoginDeps {
  readonly authenticate: Authenticate
  readonly deviceTopic: (device: string) => DevicePlace | undefined
  readonly guardOf: (client: Client) => Guard
  readonly certificateNameOf: (guard: Guard) => string | undefined
  /** The connection a device has now. */
  readonly connected: Map<string, Guard>
  readonly failedLogins: FailedLogins
  readonly takeovers: Takeovers
  readonly refusals: Refusals
  readonly onTakeover: () => void
  readonly keepaliveLimit: number
}

type PreConnect = NonNullable<AedesOptions['preConnect']>
type AuthenticateHook = NonNullable<AedesOptions['authenticate']>
type Reject = (error: RefusedError & { returnCode: number }) => void

export function preConnectHook(deps: LoginDeps): PreConnect {
  return (client, packet, done) => {
    const guard = deps.guardOf(client)
    const device = String(packet.clientId)
    const place = deps.deviceTopic(device)
    const refusal = judgeConnect(packet, { place, certificateName: deps.certificateNameOf(guard) })
    if (refusal) {
      deps.refusals.connect(refusal.reason, { address: guard.remoteAddress, version: packet.protocolVersion })
      guard.refuse(refusal.returnCode)
      return done(new RefusedError(refusal.reason), false)
    }
    // Without one a half-open connection would count as a living device for ever (MQTT 3.1.1 lets a server hang up).
    packet.keepalive = Math.min(packet.keepalive || deps.keepaliveLimit, deps.keepaliveLimit)
    done(null, true)
  }
}

export function authenticateHook(deps: LoginDeps): AuthenticateHook {
  const { refusals, connected } = deps

  function refuse(guard: Guard, device: string, reason: string, reject: Reject): void {
    const address = guard.remoteAddress
    refusals.connect(reason, { address, device })
    const { notAuthorized, credentials, unavailable } = returnCodes
    const code =
      reason === 'revoked' ? notAuthorized : reason === 'identity-used-twice' ? unavailable : credentials
    const answer = (): void => {
      guard.refuse(code)
      reject(Object.assign(new RefusedError(reason), { returnCode: code }))
    }
    const delay = code === unavailable ? 0 : deps.failedLogins.note(address)
    if (delay === 0) {
      answer()
      return
    }
    const timer = setTimeout(answer, delay * 1000)
    timer.unref()
    guard.once('close', () => clearTimeout(timer))
  }

  function admit(guard: Guard, device: string): string {
    const place = deps.deviceTopic(device)
    if (!place) return 'unknown-device'
    const present = connected.get(device)
    if (present && !present.destroyed) {
      if (!deps.takeovers.allow(device)) return 'identity-used-twice'
      deps.onTakeover()
    }
    guard.session = createSession(device, place)
    connected.set(device, guard)
    return 'ok'
  }

  return (client, username, password, done) => {
    const guard = deps.guardOf(client)
    const device = String(username)
    const reject: Reject = (error) => done(error, false)
    Promise.resolve()
      .then(() => deps.authenticate(device, String(password)))
      .then((result) => {
        const reason = result === 'ok' ? admit(guard, device) : result
        if (guard.destroyed) return
        if (reason === 'ok') done(null, true)
        else refuse(guard, device, reason, reject)
      })
      .catch((error: unknown) => {
        refusals.notStored(device, error)
        guard.refuse(returnCodes.unavailable)
        reject(Object.assign(new RefusedError('unavailable'), { returnCode: returnCodes.unavailable }))
      })
  }
}
