/** Publishes that need no protocol engine: QoS 0 or 1, complete, to the device's own topic (docs/decisions/0007). */
import { publishRefusal, type Session } from './session.ts'

export interface PublishedMessage {
  /** Bound to the login. */
  readonly device: string
  readonly topic: string
  readonly payload: Buffer
  readonly retain: boolean
  readonly qos: 0 | 1 | 2
}

export interface PlainPublish extends PublishedMessage {
  readonly qos: 0 | 1
  /** 0 for QoS 0, which is not acknowledged. */
  readonly messageId: number
}

const PUBLISH = 3
const RETAIN = 0x01
const QOS = 0x06
const QOS_1 = 0x02
const MAX_LENGTH_BYTES = 4
const PUBACK = 0x40
const PUBACK_BYTES = 4

/** Position of a frame in a chunk. */
export interface Frame {
  /** Its fixed header. */
  readonly start: number
  /** First byte behind the fixed header. */
  readonly body: number
  /** First byte behind the frame; may be beyond the chunk. */
  readonly end: number
}

/** The frame that begins at `start`; undefined when its length is incomplete or malformed. */
export function frameAt(chunk: Uint8Array, start: number): Frame | undefined {
  let length = 0
  let weight = 1
  const last = Math.min(chunk.length, start + 1 + MAX_LENGTH_BYTES)
  for (let body = start + 1; body < last; body++) {
    const byte = chunk[body] as number
    length += (byte & 0x7f) * weight
    if (byte < 0x80) return { start, body: body + 1, end: body + 1 + length }
    weight *= 128
  }
  return undefined
}

export function isPublish(header: number | undefined): boolean {
  return header !== undefined && header >> 4 === PUBLISH
}

/** The publish in a complete frame; undefined when Aedes must process it. */
export function plainPublish(chunk: Buffer, frame: Frame, session: Session): PlainPublish | undefined {
  const { start, body, end } = frame
  const header = chunk[start] as number
  const qos = header & QOS
  if (qos > QOS_1 || end - body < 2) return undefined
  const topicEnd = body + 2 + chunk.readUInt16BE(body)
  const payloadStart = qos === 0 ? topicEnd : topicEnd + 2
  if (payloadStart > end) return undefined
  // Ids are ASCII, so any other byte cannot be part of the device's topic, whatever the encoding.
  const topic = chunk.toString('latin1', body + 2, topicEnd)
  const retain = (header & RETAIN) !== 0
  if (publishRefusal(session, { topic, retain })) return undefined
  const messageId = qos === 0 ? 0 : chunk.readUInt16BE(topicEnd)
  if (qos !== 0 && messageId === 0) return undefined
  return {
    device: session.device,
    topic,
    payload: chunk.subarray(payloadStart, end),
    retain,
    qos: qos === 0 ? 0 : 1,
    messageId,
  }
}

/** PUBACK packets (MQTT 3.1.1, 3.4), one for each message id, concatenated. */
export function pubacks(ids: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(ids.length * PUBACK_BYTES)
  let at = 0
  for (const id of ids) {
    bytes[at] = PUBACK
    bytes[at + 1] = 2
    bytes[at + 2] = id >> 8
    bytes[at + 3] = id & 0xff
    at += PUBACK_BYTES
  }
  return bytes
}
