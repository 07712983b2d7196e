/** Checks a CONNECT before its secret: version, ids, and the Last Will, which Aedes does not check. */
import type { IConnectPacket } from 'mqtt-packet'
import { buildTopic, idPattern } from '../model/topics.ts'
import type { DevicePlace } from './session.ts'

/** Return codes of CONNACK (MQTT 3.1.1, 3.2.2.3). */
export const returnCodes = {
  version: 1,
  identifier: 2,
  unavailable: 3,
  credentials: 4,
  notAuthorized: 5,
} as const

export type ConnectProblem =
  | 'unsupported-version'
  | 'bad-client-id'
  | 'username-is-not-client-id'
  | 'no-secret'
  | 'certificate-of-another'
  | 'foreign-will'
  | 'large-will'

export interface ConnectRefusal {
  readonly reason: ConnectProblem
  readonly returnCode: number
}

/** A will is `{"state":"offline","ts":"…"}`; no valid one is longer. */
const MAX_WILL_BYTES = 1024

export interface ConnectFacts {
  /** Site and type of the device; undefined when unknown, which then fails like a wrong secret. */
  readonly place: DevicePlace | undefined
  /** Common name of the client certificate; undefined when none is required. */
  readonly certificateName: string | undefined
}

/** Undefined when the secret may be checked. */
export function checkConnect(packet: IConnectPacket, facts: ConnectFacts): ConnectRefusal | undefined {
  const { identifier, notAuthorized, credentials, version } = returnCodes
  if (packet.protocolVersion !== 4) return { reason: 'unsupported-version', returnCode: version }
  if (!idPattern.test(packet.clientId)) return { reason: 'bad-client-id', returnCode: identifier }
  if (!packet.password || packet.username === undefined)
    return { reason: 'no-secret', returnCode: credentials }
  if (packet.username !== packet.clientId)
    return { reason: 'username-is-not-client-id', returnCode: identifier }
  if (facts.certificateName !== undefined && facts.certificateName !== packet.clientId)
    return { reason: 'certificate-of-another', returnCode: notAuthorized }
  const will = willProblem(packet, facts.place)
  return will && { reason: will, returnCode: notAuthorized }
}

function willProblem(packet: IConnectPacket, place: DevicePlace | undefined): ConnectProblem | undefined {
  const { will } = packet
  if (!will || !place) return undefined
  if (will.topic !== buildTopic({ ...place, device: packet.clientId, channel: 'status' }))
    return 'foreign-will'
  return will.payload.length > MAX_WILL_BYTES ? 'large-will' : undefined
}
