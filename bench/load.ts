/** Load over raw sockets: QoS 1, one window per connection, frames built once and patched; runs in a child process. */
import { fork } from 'node:child_process'
import type { FleetDevice } from './fleet.ts'
import { latencyHistogram } from './histogram.ts'
import { type Counters, FIRST_SEQ, loadConnection } from './load-connection.ts'

export interface LoadOptions {
  readonly port: number
  readonly host?: string
  /** One connection per device. */
  readonly devices: readonly FleetDevice[]
  /** Unacknowledged messages of one connection. */
  readonly window: number
  /** Total, distributed evenly. */
  readonly messages: number
  /** Total messages per second; 0 = as fast as the window allows. */
  readonly rate?: number
  /** `seq` of the first message of every device, nine digits; higher in a later run on the same hub. */
  readonly firstSeq?: number
}

export interface LoadResult {
  readonly acknowledged: number
  /** Sent, but not acknowledged when a connection was lost. */
  readonly unacknowledged: number
  /** Messages per device; the last one has `seq` firstSeq + share - 1. */
  readonly share: number
  readonly seconds: number
  readonly perSecond: number
  /** Milliseconds from sending to PUBACK. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly lostConnections: number
}

const LOGINS_AT_ONCE = 200
const GRANT_EVERY_MS = 5

/** Runs the load in this process; logins are not part of the measured time. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const histogram = latencyHistogram()
  const counters: Counters = { acknowledged: 0, sent: 0, lost: 0, record: histogram.record }
  const messages = Math.ceil(options.messages / options.devices.length)
  const all: ReturnType<typeof loadConnection>[] = []
  for (const device of options.devices) {
    all.push(
      loadConnection({ ...options, firstSeq: options.firstSeq ?? FIRST_SEQ, device, messages, counters }),
    )
    if (all.length % LOGINS_AT_ONCE === 0) await Promise.all(all.map(({ ready }) => ready))
  }
  await Promise.all(all.map(({ ready }) => ready))

  const begun = performance.now()
  const stopGranting = options.rate ? startGranting(options.rate, all) : () => {}
  for (const { start } of all) start()
  await Promise.all(all.map(({ done }) => done))
  const seconds = (performance.now() - begun) / 1000
  stopGranting()
  for (const { end } of all) end()
  return {
    acknowledged: counters.acknowledged,
    unacknowledged: counters.sent - counters.acknowledged,
    share: messages,
    seconds,
    perSecond: counters.acknowledged / seconds,
    p50: histogram.quantile(0.5),
    p99: histogram.quantile(0.99),
    max: histogram.max(),
    lostConnections: counters.lost,
  }
}

/** Raises the send limit of every connection over time, so that all together send `rate` messages per second. */
function startGranting(rate: number, all: readonly { grant(total: number): void }[]): () => void {
  const begun = performance.now()
  const timer = setInterval(() => {
    const total = ((performance.now() - begun) / 1000) * rate
    // Staggered, so that the connections do not send at the same time.
    for (const [n, { grant }] of all.entries()) grant(Math.floor(total / all.length + n / all.length))
  }, GRANT_EVERY_MS)
  return () => clearInterval(timer)
}

/** Runs the load in a child process, so that it does not use the CPU time of the measured one. */
export function spawnLoad(options: LoadOptions): Promise<LoadResult> {
  const child = fork(import.meta.filename)
  return new Promise((resolve, reject) => {
    child.once('message', (answer: LoadResult | { readonly error: string }) => {
      if ('error' in answer) reject(new Error(answer.error))
      else resolve(answer)
    })
    child.once('exit', (code) => reject(new Error(`the load ended early with code ${code}`)))
    child.send(options)
  })
}

if (process.argv[1] === import.meta.filename && process.send) {
  process.once('message', (options: LoadOptions) => {
    const answer = (value: unknown): void => void process.send?.(value, () => process.disconnect?.())
    runLoad(options).then(answer, (error: unknown) => answer({ error: String(error) }))
  })
}
