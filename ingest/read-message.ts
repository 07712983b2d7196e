/** A message to a journal entry: one pure function for live, replay and backtest, so that all three read alike. */
import type { FieldValues } from '../model/device-type.ts'
import type { DeviceEntry } from '../model/entry.ts'
import type { Device, Directory } from '../model/ports/directory.ts'
import { type DeviceChannel, parseTopic, type TopicParts } from '../model/topics.ts'
import { type DecodeFault, decode, decoded, type JsonObject } from './decode.ts'
import { type EventTime, eventTime, parseTime } from './event-time.ts'
import { type CompiledType, checkFields, compiledTypes, type DroppedField, unknownFields } from './fields.ts'
import type { ReadFields } from './shapes.ts'

/** Why a whole message is put aside; the word is also the metric's label. */
export type QuarantineReason =
  | DecodeFault
  | 'unknown-topic'
  | 'unknown-device'
  | 'wrong-place'
  | 'unknown-event'
  | 'unknown-state'

/** What was wrong with the envelope or a field, while the rest of the message was kept. */
export type Dropped = DroppedField | { readonly field: 'ts' | 'seq'; readonly fault: 'wrong-type' }

export type ReadResult =
  | { readonly kind: 'entry'; readonly entry: DeviceEntry; readonly dropped: readonly Dropped[] }
  | { readonly kind: 'quarantine'; readonly reason: QuarantineReason }

export interface IncomingMessage {
  readonly topic: string
  /** Bytes as they came over MQTT, or the object of a recorded log. */
  readonly payload: Uint8Array | object
  /** Hub clock, ms. */
  readonly receivedAt: number
}

type Directed = Pick<Directory, 'device'>

/** Reads one message. Pure, never throws; the same message and time give the same answer. */
export function readMessage(message: IncomingMessage, directory: Directed): ReadResult {
  const { payload } = message
  const result = payload instanceof Uint8Array ? decode(payload) : decoded(payload)
  if ('fault' in result) return { kind: 'quarantine', reason: result.fault }
  return readObject(message.topic, result.value, message.receivedAt, directory)
}

/** For a payload that is decoded already. */
export function readObject(
  topic: string,
  object: JsonObject,
  receivedAt: number,
  directory: Directed,
): ReadResult {
  return readParsed(parseTopic(topic), object, { receivedAt, directory, readFields: checkFields })
}

interface Circumstances {
  /** Hub clock, ms. */
  readonly receivedAt: number
  readonly directory: Directed
  readonly readFields: ReadFields
}

/** For a topic that is parsed already as well; undefined = not of the scheme. */
export function readParsed(
  parts: TopicParts | undefined,
  object: JsonObject,
  { receivedAt, directory, readFields }: Circumstances,
): ReadResult {
  if (!parts || parts.channel === 'cmd') return { kind: 'quarantine', reason: 'unknown-topic' }
  const device = directory.device(parts.device)
  const type = device && compiledTypes.get(device.type)
  if (!type) return { kind: 'quarantine', reason: 'unknown-device' }
  if (device.site !== parts.site || device.type !== parts.type)
    return { kind: 'quarantine', reason: 'wrong-place' }
  const body = bodies[parts.channel](object, type, readFields)
  if ('reason' in body) return { kind: 'quarantine', reason: body.reason }
  return toEntry({ channel: parts.channel, device, object, body, receivedAt })
}

type Body =
  | { readonly values: FieldValues; readonly dropped: readonly DroppedField[] }
  | { readonly reason: QuarantineReason }

/** How each channel's values are read. */
const bodies: Readonly<
  Record<DeviceChannel, (object: JsonObject, type: CompiledType, readFields: ReadFields) => Body>
> = {
  telemetry: (object, type, readFields) => readFields(object, type.telemetry),
  meta: (object, type, readFields) => readFields(object, type.meta),
  event: (object, type) => {
    const word = object.type
    if (typeof word !== 'string' || !type.events.has(word)) return { reason: 'unknown-event' }
    return { values: { type: word }, dropped: unknownFields(object, 'type') }
  },
  status: (object) => {
    const { state } = object
    if (state !== 'online' && state !== 'offline') return { reason: 'unknown-state' }
    return { values: { state }, dropped: unknownFields(object, 'state') }
  },
}

function toEntry(read: {
  readonly channel: DeviceChannel
  readonly device: Device
  readonly object: JsonObject
  readonly body: Extract<Body, { values: FieldValues }>
  readonly receivedAt: number
}): ReadResult {
  const { channel, device, object, body, receivedAt } = read
  const ts = parseTime(object.ts)
  const { seq } = object
  const messageSeq = isMessageSeq(seq) ? seq : undefined
  // A status is about the connection, which the hub's clock knows best: a will was written when the connection began,
  // so its `ts` may be weeks old, and must come after the `online` of a device whose clock is ahead.
  const time: EventTime =
    channel === 'status' ? { ts: receivedAt, quality: 'live' } : eventTime(ts, receivedAt)
  const badTime = ts === undefined && object.ts !== undefined
  const badSeq = messageSeq === undefined && seq !== undefined
  const dropped = badTime || badSeq ? withEnvelope(body.dropped, { badTime, badSeq }) : body.dropped
  const entry: DeviceEntry = {
    kind: channel,
    site: device.site,
    type: device.type,
    device: device.id,
    receivedAt,
    ts: time.ts,
    quality: time.quality,
    claimedTs: time.claimedTs,
    messageSeq,
    values: body.values,
    rejected: dropped.length === 0 ? undefined : rejectedOf(dropped),
  }
  return { kind: 'entry', entry, dropped }
}

function withEnvelope(
  fields: readonly DroppedField[],
  { badTime, badSeq }: { readonly badTime: boolean; readonly badSeq: boolean },
): Dropped[] {
  const dropped: Dropped[] = [...fields]
  if (badTime) dropped.push({ field: 'ts', fault: 'wrong-type' })
  if (badSeq) dropped.push({ field: 'seq', fault: 'wrong-type' })
  return dropped
}

/** An unknown field is another firmware's, not nonsense. */
function rejectedOf(dropped: readonly Dropped[]): number | undefined {
  const count = dropped.filter(({ fault }) => fault !== 'unknown').length
  return count > 0 ? count : undefined
}

/** Unsigned, +1 a message (domain.md 1); beyond 2^48 it is no counter. */
function isMessageSeq(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 2 ** 48
}
