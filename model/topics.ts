/** MQTT topics, built and parsed here only: `community/{site}/{type}/{deviceId}/{channel}` (DESIGN 4.1). */

/** What a device may publish. `status` and `meta` are retained; `status` is also the Last Will. */
export const deviceChannels = ['telemetry', 'event', 'status', 'meta'] as const
export type DeviceChannel = (typeof deviceChannels)[number]
export type Channel = DeviceChannel | 'cmd'

export const retainedChannels: ReadonlySet<Channel> = new Set<Channel>(['status', 'meta'])

export interface TopicParts {
  readonly site: string
  readonly type: string
  readonly device: string
  readonly channel: Channel
}

/** Ids of sites and devices; also the only client ids the broker lets in. */
export const idPattern = /^[A-Za-z0-9_-]{1,64}$/

const root = 'community'
const channels: ReadonlySet<string> = new Set<Channel>([...deviceChannels, 'cmd'])

export function buildTopic(parts: TopicParts): string {
  return `${root}/${parts.site}/${parts.type}/${parts.device}/${parts.channel}`
}

/** Returns undefined for any topic that is not exactly of the scheme. */
export function parseTopic(topic: string): TopicParts | undefined {
  const levels = topic.split('/')
  if (levels.length !== 5 || levels[0] !== root) return undefined
  const [, site, type, device, channel] = levels as [string, string, string, string, string]
  if (!idPattern.test(site) || !idPattern.test(type) || !idPattern.test(device)) return undefined
  return channels.has(channel) ? { site, type, device, channel: channel as Channel } : undefined
}

/** For a topic known to be of the scheme: is it what the hub sends to a device? */
export function isCommandTopic(topic: string): boolean {
  return topic.endsWith('/cmd')
}
