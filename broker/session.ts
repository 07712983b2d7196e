/** Permissions of a logged-in device: its own topics; and the queue of its acknowledgements. */
import { buildTopic, type DeviceChannel, deviceChannels, retainedChannels } from '../model/topics.ts'
import { type AnswerQueue, answerQueue } from './answers.ts'

export interface DevicePlace {
  readonly site: string
  readonly type: string
}

export interface Session {
  readonly device: string
  /** Topics it may publish to, with their channel. */
  readonly topics: ReadonlyMap<string, DeviceChannel>
  /** The one topic it may subscribe to. */
  readonly commandTopic: string
  readonly answers: AnswerQueue
}

export function createSession(device: string, place: DevicePlace): Session {
  const topic = (channel: DeviceChannel | 'cmd') => buildTopic({ ...place, device, channel })
  return {
    device,
    topics: new Map(deviceChannels.map((channel) => [topic(channel), channel])),
    commandTopic: topic('cmd'),
    answers: answerQueue(),
  }
}

export type PublishRefusal = 'foreign-topic' | 'retain-not-allowed'

/** Why a device may not publish this; undefined when it may. */
export function publishRefusal(
  session: Session,
  packet: { readonly topic: string; readonly retain: boolean },
): PublishRefusal | undefined {
  const channel = session.topics.get(packet.topic)
  if (!channel) return 'foreign-topic'
  return packet.retain && !retainedChannels.has(channel) ? 'retain-not-allowed' : undefined
}
