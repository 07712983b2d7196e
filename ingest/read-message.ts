/** One decoded message to a journal entry. Pure: the same message and time give the same entry. */
import type { FieldValues } from '../model/device-type.ts'
import type { DeviceEntry } from '../model/entry.ts'
import type { Device, Directory } from '../model/ports/directory.ts'
import type { DeviceChannel, TopicParts } from '../model/topics.ts'
import type { DecodeProblem, JsonObject } from './decode.ts'
import { type EventTime, eventTime, parseTime } from './event-time.ts'
import type { ReadFields } from './field-reader.ts'
import { type CompiledType, compiledTypes, type DroppedField, unknownFields } from './fields.ts'

/** Why a whole message goes into quarantine; also the metric's label. */
export type QuarantineReason =
  | DecodeProblem
  | 'unknown-topic'
  | 'unknown-device'
  | 'wrong-place'
  | 'unknown-event'
  | 'unknown-state'

/** A field or part of the envelope that was dropped while the rest of the message was kept. */
export type Dropped = DroppedField | { readonly field: 'ts' | 'seq'; readonly fault: 'wrong-type' }

export type ReadResult =
  | { readonly entry: DeviceEntry; readonly dropped: readonly Dropped[] }
  | { readonly reason: QuarantineReason }

export interface DecodedMessage {
  /** The topic; undefined = not of the scheme. */
  readonly parts: TopicParts | undefined
  readonly object: JsonObject
  /** Hub clock, ms. */
  readonly receivedAt: number
}

interface ReadContext {
  readonly directory: Pick<Directory, 'device'>
  readonly readFields: ReadFields
}

/** Validates one message. Never throws. */
export function readMessage(
  { parts, object, receivedAt }: DecodedMessage,
  { directory, readFields }: ReadContext,
): ReadResult {
  if (!parts || parts.channel === 'cmd') return { reason: 'unknown-topic' }
  const device = directory.device(parts.device)
  const type = device && compiledTypes.get(device.type)
  if (!type) return { reason: 'unknown-device' }
  if (device.site !== parts.site || device.type !== parts.type) return { reason: 'wrong-place' }
  const body = bodies[parts.channel](object, type, readFields)
  if ('reason' in body) return body
  return toEntry({ channel: parts.channel, device, object, body, receivedAt })
}

type Body =
  | { readonly values: FieldValues; readonly dropped: readonly DroppedField[] }
  | { readonly reason: QuarantineReason }

/** How the values of each channel are read. */
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
  // A status is about the connection, so the hub's time counts: a Last Will was written when the connection began, and
  // must sort after the `online` of a device whose clock is ahead.
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
  return { entry, dropped }
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

/** Unknown fields do not count: they come from newer firmware, not from a broken sensor. */
function rejectedOf(dropped: readonly Dropped[]): number | undefined {
  const count = dropped.filter(({ fault }) => fault !== 'unknown').length
  return count > 0 ? count : undefined
}

/** Unsigned, +1 a message (domain.md 1); a value above 2^48 is not a counter. */
function isMessageSeq(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 2 ** 48
}
