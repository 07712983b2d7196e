/** Collects the messages of a conversion: validates fields, adds heartbeats, sorts, numbers the messages of each device. */
import { fieldProblem } from '../../model/device-type.ts'
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
  /** UTC, ms: event time and receive time, since recordings have only one. */
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
  /** The device existed from this time (ms): its silence counts from then, not from its first message. */
  installedSince(device: DeviceRef, at: number): void
  /** Sorted by time, then device; `seq` increases per device. So the order of the rows does not matter. */
  lines(): { readonly count: number; readonly lines: Iterable<string> }
}

export interface MessageLogOptions {
  readonly problems: ProblemLog
  /**
   * For recordings that contain only activations and not the daily heartbeat of such a sensor: adds status `online`
   * after every 24 h of silence up to the last message of a device, which proves that it was alive until then. A device
   * without messages gets none. A silence of more than 30 days is a pause of the recording and gets none either.
   */
  readonly heartbeats?: boolean
}

type Message = Pick<NewMessage, 'at' | 'device' | 'channel' | 'values'>

const HEARTBEAT_MS = 24 * 3600_000
const PAUSE_MS = 30 * 24 * 3600_000

export function createMessageLog({ problems, heartbeats = false }: MessageLogOptions): MessageLog {
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
      const all = heartbeats ? withHeartbeats(sorted, since) : sorted
      return { count: all.length, lines: format(all) }
    },
  }
}

function byTime(a: Message, b: Message): number {
  if (a.at !== b.at) return a.at - b.at
  if (a.device.id === b.device.id) return 0
  return a.device.id < b.device.id ? -1 : 1
}

/** Invalid values are dropped and reported; the other fields are kept. */
function checkedValues({ device, values, place }: NewMessage, problems: ProblemLog): NewMessage['values'] {
  const fields = deviceTypes.get(device.type)?.telemetry ?? {}
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue
    const field = fields[name]
    const fault = field ? fieldProblem(field, value) : 'unknown-field'
    if (fault) problems.add(`${name}-${fault}`, place, String(value))
    else kept[name] = value
  }
  return kept
}

function withHeartbeats(sorted: readonly Message[], since: ReadonlyMap<string, number>): Message[] {
  const lastOf = new Map(since)
  const added = sorted.flatMap(({ at, device }) => {
    const last = lastOf.get(device.id) ?? at
    lastOf.set(device.id, at)
    if (at - last > PAUSE_MS) return []
    const between: Message[] = []
    for (let sign = last + HEARTBEAT_MS; sign < at; sign += HEARTBEAT_MS) {
      between.push({ at: sign, device, channel: 'status', values: { state: 'online' } })
    }
    return between
  })
  return [...sorted, ...added].sort(byTime)
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
