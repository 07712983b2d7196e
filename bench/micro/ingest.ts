/** CPU cost of reading one message on the main thread (budget: 8 us with JSON.parse), and of accepting it. */
import { createIngest } from '../../ingest/ingest.ts'
import { ingestOptions } from '../../ingest/options.ts'
import { createPipeline } from '../../ingest/pipeline.ts'
import { systemClock } from '../../model/clock.ts'
import type { Entry } from '../../model/entry.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import type { Receipt } from '../../model/ports/receipt.ts'
import { buildTopic } from '../../model/topics.ts'
import { device, directoryOf } from '../../tests/support/directory.ts'
import { memoryJournal } from '../../tests/support/memory-journal.ts'

const DEVICES = 1000
const directory = directoryOf(
  Array.from({ length: DEVICES }, (_, n) => device({ id: `lift-${n}`, type: 'elevator' })),
)
const topics = directory
  .devices()
  .map(({ id }) => buildTopic({ site: 'garden', type: 'elevator', device: id, channel: 'telemetry' }))

/** The example of domain.md 2, with every field a controller sends. */
const payloadOf = (seq: number): Buffer =>
  Buffer.from(
    JSON.stringify({
      ts: new Date(systemClock.now()).toISOString(),
      seq,
      carMode: 'normal',
      carDriveStatus: 'stationary',
      carMovingDirection: 'stopped',
      carPosition: 5,
      carDoorZone: true,
      carDoorStatus: 'closed',
      passengerPresence: false,
      passengerAlarm: false,
      carLoad: 12.5,
      carSpeed: 0,
      motorTemperature: 41.2,
      tripCount: 100_012 + seq,
      faultSignals: [],
      rssi: -61,
    }),
  )

const ROUNDS = 5
const MESSAGES = 200_000

async function measure(name: string, work: (n: number) => unknown): Promise<void> {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage()
    for (let n = 0; n < MESSAGES; n++) {
      const result = work(round * MESSAGES + n)
      // As with real sockets: several messages per event-loop turn.
      if (n % 64 === 63) await result
    }
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / MESSAGES)
  }
  console.log(`${name.padEnd(44)} ${best.toFixed(2)} us of CPU a message`)
}

const payloads = Array.from({ length: 1000 }, (_, n) => payloadOf(n))
const pick = (n: number): { topic: string; payload: Buffer } => ({
  topic: topics[n % DEVICES] as string,
  payload: payloads[(n * 7) % payloads.length] as Buffer,
})

await measure('JSON.parse alone', (n) => JSON.parse(pick(n).payload.toString()))
const pipeline = createPipeline(512, () => directory)
await measure('pipeline', (n) => pipeline.ingest(pick(n), systemClock.now))

const journal = { ...memoryJournal(), submit: (_entry: Entry, receipt: Receipt<number>) => receipt.stored(1) }
const ingest = createIngest(ingestOptions.parse({}), {
  directory: () => directory,
  journal,
  clock: systemClock,
  logger: silentLogger,
  metrics: noMetrics,
})
// Reuses the payloads, so that building them is not measured; only the counter is patched to make a new message.
const SEQ_AT = payloadOf(1_000_000).indexOf('1000000')
const fresh = Array.from({ length: DEVICES }, () => payloadOf(1_000_000))
await measure('accept (journal answers at once)', (n) => {
  const payload = fresh[n % DEVICES] as Buffer
  payload.write(String(1_000_000 + n), SEQ_AT, 'latin1')
  return ingest.accept({ device: `lift-${n % DEVICES}`, topic: topics[n % DEVICES] as string, payload })
})
await measure('accept, a duplicate', (n) => {
  const payload = fresh[n % DEVICES] as Buffer
  return ingest.accept({ device: `lift-${n % DEVICES}`, topic: topics[n % DEVICES] as string, payload })
})
