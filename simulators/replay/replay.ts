/** Sends a recorded log to a hub over MQTT, in the recorded order. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../model/clock.ts'
import type { Logger } from '../../model/ports/logger.ts'
import { parseTopic, retainedChannels } from '../../model/topics.ts'
import { type BadLine, type IndexedMessage, indexLog } from './log-index.ts'
import { createSender, type Sender, type SendResult } from './sender.ts'
import { createWindow } from './window.ts'

export interface ReplayOptions {
  /** Path of the recorded log; it need not be sorted. */
  readonly log: string
  /** e.g. `mqtt://127.0.0.1:1883`. */
  readonly url: string
  /** Secret of a device; undefined when it has none. */
  secretOf(device: string): string | undefined
  /** `max`, or recorded seconds per second. */
  readonly speed: number | 'max'
  /** Maximum number of open connections; default 500. */
  readonly maxConnections?: number
  /**
   * Messages of different devices within this recorded time (ms) may be in flight together, and so may be stored in
   * another order than recorded; default 0 = exact order.
   */
  readonly maxReorder?: number
  /** ms to wait for a PUBACK; default 30 s. */
  readonly ackTimeoutMs?: number
  /** Aborts the replay. */
  readonly signal?: AbortSignal
}

export interface ReplayReport {
  readonly lines: number
  /** Acknowledged by the hub. */
  readonly stored: number
  /** Lines that are not a message; the first ones are in `badLines`. */
  readonly bad: number
  readonly badLines: readonly BadLine[]
  /** Messages the hub did not acknowledge, by reason; the first line of each device is in `refusedLines`. */
  readonly refused: Readonly<Record<Exclude<SendResult, 'stored'>, number>>
  readonly refusedLines: readonly BadLine[]
  /** Recorded time of the first and last message, ms; null when there is none. */
  readonly from: number | null
  readonly to: number | null
}

const MAX_REFUSED_LISTED = 20
/** Half of the messages that the broker accepts from one connection before it stops reading. */
const MAX_IN_FLIGHT = 32

/**
 * Sends each message after the hub has acknowledged earlier ones of other devices, so that timers see the recorded
 * order; consecutive messages of one device are in flight together. Bad lines and refused devices are reported, not fatal.
 * @throws LinliError BROKER_UNREACHABLE, LOG_INVALID when the log cannot be read
 */
export async function replay(
  options: ReplayOptions,
  deps: { readonly clock: Clock; readonly logger: Logger },
): Promise<ReplayReport> {
  const index = await indexLog(options.log)
  for (const { line, fault } of index.bad) deps.logger.warn({ log: options.log, line, fault }, 'bad line')
  const sender = createSender({
    url: options.url,
    secretOf: options.secretOf,
    maxConnections: options.maxConnections ?? 500,
    ackTimeoutMs: options.ackTimeoutMs ?? 30_000,
  })
  const tally = createTally(options.log, deps.logger)
  const pace = createPace(options, deps.clock)
  const window = createWindow<IndexedMessage>(
    { maxReorder: options.maxReorder ?? 0, limit: MAX_IN_FLIGHT },
    async (one) => tally.add(one, await sendOne(sender, one)),
  )
  try {
    for await (const one of index.read()) {
      await pace(one.receivedAt)
      if (options.signal?.aborted) break
      await window.add(one)
    }
    await window.drain()
  } finally {
    await sender.close()
  }
  return { lines: index.lines, bad: index.badCount, badLines: index.bad, ...tally.result() }
}

/**
 * A hub uses its own clock for a status, since the `ts` of a Last Will is that of its CONNECT. A hub on the replay clock
 * knows only recorded times, so a replayed status carries its receive time as `ts`.
 */
function sendOne(sender: Sender, { device, message }: IndexedMessage): Promise<SendResult> {
  const channel = parseTopic(message.topic)?.channel
  const receiveTime = channel === 'status' ? { ts: new Date(message.receivedAt).toISOString() } : undefined
  return sender.send(device, {
    topic: message.topic,
    payload: JSON.stringify({ ...message.payload, ...receiveTime }),
    retain: channel !== undefined && retainedChannels.has(channel),
  })
}

/** Waits until a recorded time is due; not at all at `max`. */
function createPace({ speed, signal }: ReplayOptions, clock: Clock): (receivedAt: number) => Promise<void> {
  let origin: { recorded: number; real: number } | undefined
  return async (receivedAt) => {
    if (speed === 'max') return
    origin ??= { recorded: receivedAt, real: clock.now() }
    const due = origin.real + (receivedAt - origin.recorded) / speed
    const wait = due - clock.now()
    // Rejects only when the replay is aborted, which the caller checks.
    if (wait > 0) await sleep(wait, undefined, signal ? { signal } : {}).catch(() => {})
  }
}

type Tally = Pick<ReplayReport, 'stored' | 'refused' | 'refusedLines' | 'from' | 'to'>

function createTally(log: string, logger: Logger) {
  const refused = { 'no-secret': 0, 'login-refused': 0, 'no-answer': 0 }
  const refusedLines: BadLine[] = []
  const devices = new Set<string>()
  let stored = 0
  let from: number | null = null
  let to: number | null = null
  return {
    add({ line, device, receivedAt }: IndexedMessage, result: SendResult): void {
      from = Math.min(from ?? receivedAt, receivedAt)
      to = Math.max(to ?? receivedAt, receivedAt)
      if (result === 'stored') {
        stored++
        return
      }
      refused[result]++
      if (devices.has(device)) return
      devices.add(device)
      logger.warn({ log, line, device, reason: result }, 'the hub did not acknowledge a message')
      if (refusedLines.length < MAX_REFUSED_LISTED) refusedLines.push({ line, fault: `${device}: ${result}` })
    },
    result: (): Tally => ({ stored, refused, refusedLines, from, to }),
  }
}
