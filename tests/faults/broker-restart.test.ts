/** The hub goes away and comes back under its devices: nothing acknowledged is lost, nothing is stored twice. */
import mqtt from 'mqtt'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Broker, createBroker } from '../../broker/broker.ts'
import { brokerOptions } from '../../broker/options.ts'
import { createIngest } from '../../ingest/ingest.ts'
import { ingestOptions } from '../../ingest/options.ts'
import { systemClock } from '../../model/clock.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import { eventually, topicOf } from '../support/broker.ts'
import { device, directoryOf } from '../support/directory.ts'
import { memoryJournal } from '../support/memory-journal.ts'

const DEVICES = 50
const MESSAGES = 40
const ids = Array.from({ length: DEVICES }, (_, n) => `bin-${n}`)
const directory = directoryOf(ids.map((id) => device({ id, type: 'bin' })))

/** A hub whose journal survives it. */
async function startHub(port: number, journal: ReturnType<typeof memoryJournal>): Promise<Broker> {
  const shared = { clock: systemClock, logger: silentLogger, metrics: noMetrics }
  const ingest = createIngest(ingestOptions.parse({}), { ...shared, directory: () => directory, journal })
  await ingest.start()
  const broker = createBroker(brokerOptions.parse({ port }), {
    ...shared,
    authenticate: () => 'ok',
    deviceTopic: (id) => directory.device(id),
    deliver: ingest.receive,
  })
  await broker.start()
  return broker
}

async function publishAll(port: number, id: string): Promise<void> {
  const client = mqtt.connect({
    port,
    host: '127.0.0.1',
    clientId: id,
    username: id,
    password: 'x',
    clean: false,
    reconnectPeriod: 20,
    will: { topic: topicOf(id, 'status'), payload: Buffer.from('{"state":"offline"}'), qos: 1, retain: true },
  })
  client.on('error', () => {})
  onTestFinished(() => void client.end(true))
  for (let seq = 0; seq < MESSAGES; seq++) {
    const payload = JSON.stringify({ ts: '2026-03-01T12:00:00Z', seq, fillingLevel: 0.5 })
    await client.publishAsync(topicOf(id), payload, { qos: 1 })
  }
}

describe('a hub that restarts', () => {
  test(`${DEVICES} devices with ${MESSAGES} messages each over five restarts`, async () => {
    const journal = memoryJournal()
    let hub = await startHub(0, journal)
    const { port } = hub.address()
    let isDone = false
    const all = Promise.all(ids.map((id) => publishAll(port, id))).finally(() => {
      isDone = true
    })
    for (let restart = 1; restart <= 5; restart++) {
      const some = (restart * DEVICES * MESSAGES) / 8
      await eventually('some messages', () => isDone || journal.entries.length >= some, 20_000)
      await hub.stop()
      hub = await startHub(port, journal)
    }
    onTestFinished(() => hub.stop())
    await all
    const stored = journal.entries.map(
      (entry) => entry.kind !== 'tick' && `${entry.device} ${entry.messageSeq}`,
    )
    expect(new Set(stored).size).toBe(DEVICES * MESSAGES)
    expect(stored).toHaveLength(DEVICES * MESSAGES)
    expect(journal.entries.every(({ kind }) => kind === 'telemetry')).toBe(true)
  })
})
