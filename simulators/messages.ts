/** What devices publish beside their readings: static facts and the state of their line. */
import { buildTopic, type Channel, type DeviceChannel, retainedChannels } from '../model/topics.ts'
import type { Subject } from './subject.ts'
import type { Emission } from './world.ts'

export interface Outgoing {
  readonly topic: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly retain: boolean
}

export function outgoing(
  subject: Subject,
  channel: Channel,
  payload: Readonly<Record<string, unknown>>,
): Outgoing {
  const { site, type, id } = subject
  const topic = buildTopic({ site, type, device: id, channel })
  return { topic, payload, retain: retainedChannels.has(channel) }
}

/** No `ts`: it would be the time of the CONNECT, long past when the will is spoken; the hub's clock knows better. */
const will: Said = { channel: 'status', payload: { state: 'offline' } }

export function lastWill(subject: Subject): Outgoing {
  return outgoing(subject, will.channel, will.payload)
}

/** What a device says when its line is there: that it is, and what it is. */
export function greetings(subject: Subject, at: number): Outgoing[] {
  return greetingOf(subject, at).map(({ channel, payload }) => outgoing(subject, channel, payload))
}

export function greetingOf(subject: Subject, at: number): readonly Said[] {
  const ts = new Date(at).toISOString()
  return [
    { channel: 'status', payload: { state: 'online', ts } },
    { channel: 'meta', payload: { ts, ...subject.meta } },
  ]
}

/** One message without its topic. */
export interface Said {
  readonly channel: DeviceChannel
  readonly payload: Readonly<Record<string, unknown>>
}

/** All that a hub hears of one emission. */
export function saidOf(emission: Emission): readonly Said[] {
  switch (emission.kind) {
    case 'connect':
      return greetingOf(emission.subject, emission.at)
    case 'drop':
      return [will]
    case 'message':
      return [emission]
  }
}
