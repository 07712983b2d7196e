/** MQTT messages of simulated devices: the status and meta messages of a connection, and topics. */
import { buildTopic, type Channel, type DeviceChannel, retainedChannels } from '../model/topics.ts'
import type { Subject } from './subject.ts'
import type { Emission } from './world.ts'

export interface OutgoingMessage {
  readonly topic: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly retain: boolean
}

/** A message without its topic. */
export interface DeviceMessage {
  readonly channel: DeviceChannel
  readonly payload: Readonly<Record<string, unknown>>
}

/** Adds topic and retain flag. */
export function toOutgoing(
  subject: Subject,
  channel: Channel,
  payload: Readonly<Record<string, unknown>>,
): OutgoingMessage {
  const { site, type, id } = subject
  const topic = buildTopic({ site, type, device: id, channel })
  return { topic, payload, retain: retainedChannels.has(channel) }
}

/** No `ts`: a Last Will is fixed at CONNECT, long before it is sent. The hub uses its own clock instead. */
const offlineStatus: DeviceMessage = { channel: 'status', payload: { state: 'offline' } }

/** The Last Will of a device: status offline. */
export function lastWill(subject: Subject): OutgoingMessage {
  return toOutgoing(subject, offlineStatus.channel, offlineStatus.payload)
}

/** `messagesOnConnect` with topics. `at`: ms. */
export function outgoingOnConnect(subject: Subject, at: number): OutgoingMessage[] {
  return messagesOnConnect(subject, at).map(({ channel, payload }) => toOutgoing(subject, channel, payload))
}

/** What a device publishes when it has connected: its status and its static facts. `at`: ms. */
export function messagesOnConnect(subject: Subject, at: number): readonly DeviceMessage[] {
  const ts = new Date(at).toISOString()
  return [
    { channel: 'status', payload: { state: 'online', ts } },
    { channel: 'meta', payload: { ts, ...subject.meta } },
  ]
}

/** The messages that one emission of the world leads to. */
export function messagesOf(emission: Emission): readonly DeviceMessage[] {
  switch (emission.kind) {
    case 'connect':
      return messagesOnConnect(emission.subject, emission.at)
    case 'drop':
      return [offlineStatus]
    case 'message':
      return [emission]
  }
}
