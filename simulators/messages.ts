/** What devices publish beside their readings: static facts and the state of their line. */
import { buildTopic, type Channel, retainedChannels } from '../model/topics.ts'
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
export function lastWill(subject: Subject): Outgoing {
  return outgoing(subject, 'status', { state: 'offline' })
}

/** What a device says when its line is there: that it is, and what it is. */
export function greetings(subject: Subject, at: number): Outgoing[] {
  const ts = new Date(at).toISOString()
  return [
    outgoing(subject, 'status', { state: 'online', ts }),
    outgoing(subject, 'meta', { ts, ...subject.meta }),
  ]
}

/** All that a hub hears of one emission, for a recorded log. */
export function heardOf(emission: Emission): Outgoing[] {
  switch (emission.kind) {
    case 'connect':
      return greetings(emission.subject, emission.at)
    case 'drop':
      return [lastWill(emission.subject)]
    case 'message':
      return [outgoing(emission.subject, emission.channel, emission.payload)]
  }
}
