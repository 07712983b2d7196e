/** Collects the messages of a conversion: checks fields, adds signs of life, sorts, numbers each device's messages. */
import { fieldFault } from '../../model/device-type.ts'
import { deviceTypes } from '../../model/devices/table.ts'
import { formatRecorded } from '../../model/recorded-log.ts'
import { buildTopic, type DeviceChannel } from '../../model/topics.ts'
import type { ProblemLog } from './problem-log.ts'

export interface DeviceRef {
  readonly site: string
  readonly type: string
  readonly id: string
}

export interface NewMessage {
  /** UTC, ms: event time and time of reception, since recordings have only one. */
  readonly at: number
  readonly device: DeviceRef
  readonly channel: DeviceChannel
  readonly values: Readonly<Record<string, unknown>>
  /** `file:line` it comes from. */
  readonly place: string
}

export interface MessageLog {
  /** Messages of one device and instant keep the order in which they were added. */
  add(message: NewMessage): void
  /** The device was there when its recording began, ms: its silence counts from then, not from its first message. */
  installedSince(device: DeviceRef, at: number): void
  /** Sorted by time, then device; `seq` grows per device. So the order of a recording's rows makes no difference. */
  lines(): { readonly count: number; readonly lines: Iterable<string> }
}

export interface MessageLogOptions {
  readonly problems: ProblemLog
  /**
   * For recordings that hold only what happened and not the daily message that such a sensor sends in between: `online`
   * after every 24 h of silence, but only until a device's last message. Having spoken later it was alive until then;
   * after its last message nothing is known, and one that never spoke gets none. A silence of more than 30 days is left
   * as it is: then the recording itself paused. Telemetry is not touched.
   */
  readonly heartbeats?: boolean
}

type Message = Pick<NewMessage, 'at' | 'device' | 'channel' | 'values'>

const HEARTBEAT_MS = 24 * 3600_000
const PAUSE_MS = 30 * 24 * 3600_000

export function createMessageLog({
  problems,
  heartbeats: signsOfLife = false,
}: MessageLogOptions): MessageLog {
  const messages: Message[] = []
  const since = new Map<string, number>()
  return {
    installedSince: (device, at) => void since.set(device.id, at),
    add(message) {
      const { at, device, channel } = message
      const values = channel === 'telemetry' ? checkedValues(message, problems) : message.values
      if (Object.keys(values).length > 0) messages.push({ at, device, channel, values })
    },
    lines() {
      const sorted = messages.toSorted(byTime)
      const all = signsOfLife ? withHeartbeats(sorted, since) : sorted
      return { count: all.length, lines: format(all) }
    },
  }
}

function byTime(a: Message, b: Message): number {
  if (a.at !== b.at) return a.at - b.at
  if (a.device.id === b.device.id) return 0
  return a.device.id < b.device.id ? -1 : 1
}

/** A value outside the vocabulary is dropped and told; the other fields stay. */
function checkedValues({ device, values, place }: NewMessage, problems: ProblemLog): NewMessage['values'] {
  const fields = deviceTypes.get(device.type)?.telemetry ?? {}
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue
    const field = fields[name]
    const fault = field ? fieldFault(field, value) : 'unknown-field'
    if (fault) problems.add(`${name}-${fault}`, place, String(value))
    else kept[name] = value
  }
  return kept
}

function withHeartbeats(sorted: readonly Message[], since: ReadonlyMap<string, number>): Message[] {
  const lastOf = new Map(since)
  const signs = sorted.flatMap(({ at, device }) => {
    const last = lastOf.get(device.id) ?? at
    lastOf.set(device.id, at)
    if (at - last > PAUSE_MS) return []
    const between: Message[] = []
    for (let sign = last + HEARTBEAT_MS; sign < at; sign += HEARTBEAT_MS) {
      between.push({ at: sign, device, channel: 'status', values: { state: 'online' } })
    }
    return between
  })
  return [...sorted, ...signs].sort(byTime)
}

function* format(messages: readonly Message[]): Generator<string> {
  const counters = new Map<string, number>()
  for (const { at, device, channel, values } of messages) {
    const seq = (counters.get(device.id) ?? 0) + 1
    counters.set(device.id, seq)
    const ts = new Date(at).toISOString()
    yield formatRecorded({
      receivedAt: ts,
      topic: buildTopic({ site: device.site, type: device.type, device: device.id, channel }),
      payload: { ts, seq, ...values },
    })
  }
}
