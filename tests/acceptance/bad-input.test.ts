/** Bad input over real sockets: refused or put into quarantine, counted, told; never a crash, never a lost neighbour. */
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { DeviceHistory } from '../../model/api.ts'
import { buildTopic } from '../../model/topics.ts'
import { openJournalReader } from '../../storage/journal/reader.ts'
import { freePort, spawnHub } from '../support/hub-process.ts'
import { connectPacket, publishPacket, rawClient } from '../support/raw-mqtt.ts'
import { until } from '../support/until.ts'
import { call, connectDevice, prepare, secretOf, signIn } from '../support/whole-hub.ts'

const HOUR = 3_600_000

test('whatever a device sends, the hub lives on and the messages beside it are kept', async () => {
  const place = await prepare()
  onTestFinished(place.remove)
  const hub = await spawnHub(place, { mqttPort: await freePort() })
  onTestFinished(async () => void (await hub.end('SIGKILL')))
  const port = Number(new URL(hub.mqtt).port)
  const bin = await connectDevice(hub, place, 'bin-1')
  let seq = 0
  const good = (values: object = {}) => {
    seq += 1
    return { ts: new Date().toISOString(), seq, fillingLevel: 0.5, temperature: 20, ...values }
  }
  const raw = async () => {
    const client = await rawClient(port)
    client.write(connectPacket('bin-2', { password: Buffer.from(secretOf('bin-2')) }))
    expect((await client.next('connack')).returnCode).toBe(0)
    return client
  }

  // Unreadable: quarantine and an acknowledgement, or the device would send it for ever.
  const unreadable = ['{"ts":', '', '[1,2]', '"text"', '\u0000', '{"a":'.repeat(5000)]
  for (const payload of unreadable) {
    await bin.send('telemetry', payload)
    await bin.send('telemetry', good())
  }
  // Wrong fields are dropped, the rest of the reading is kept.
  await bin.send(
    'telemetry',
    good({ fillingLevel: 'full', temperature: 1e9, position: 'upside-down', __proto__x: 1 }),
  )
  // Clocks of 1970, 2106 and yesterday.
  await bin.send('telemetry', good({ ts: '1970-01-01T00:00:05Z' }))
  await bin.send('telemetry', good({ ts: '2106-02-07T06:28:15Z', temperature: 90 }))
  await bin.send('telemetry', good({ ts: new Date(Date.now() - 30 * HOUR).toISOString(), temperature: 90 }))
  const accepted = seq

  // Refused: the connection is cut without an acknowledgement; the device beside it does not notice.
  const foreign = await raw()
  foreign.write(
    publishPacket(buildTopic({ site: 'lotus', type: 'bin', device: 'bin-1', channel: 'telemetry' }), 1),
  )
  await foreign.closedByHub()
  const huge = await raw()
  huge.write(Buffer.concat([Buffer.from([0x32, 0x80, 0x80, 0x80, 0x20]), Buffer.alloc(1 << 20)]))
  await huge.closedByHub()
  const nul = await raw()
  nul.write(
    publishPacket(
      `${buildTopic({ site: 'lotus', type: 'bin', device: 'bin-2', channel: 'telemetry' })}\u0000`,
      1,
    ),
  )
  await nul.closedByHub()
  const stranger = await rawClient(port)
  stranger.write(connectPacket('bin-99'))
  expect((await stranger.next('connack')).returnCode).toBeGreaterThan(0)
  await bin.send('telemetry', good())

  const duty = await signIn(hub, 'duty')
  const quarantine = await call<{ reason: string }[]>(hub, duty, '/devices/bin-1/quarantine')
  expect(quarantine).toHaveLength(unreadable.length)
  const metrics = await (await fetch(`${hub.console}/metrics`)).text()
  expect(metrics).toMatch(/linli_ingest_quarantined_total\{reason="[a-z-]+"\} [1-9]/)
  expect(metrics).toMatch(/linli_ingest_dropped_fields_total\{[^}]*type="bin"[^}]*\} [1-9]/)
  // 2106 cannot be sent later: it is of now, with a wrong clock, and the bin burns. Yesterday is history only.
  const alerts = () => call<{ rule: string }[]>(hub, duty, '/alerts?state=all')
  await until('the fire in the bin whose clock is ahead', async () => (await alerts()).length > 0)
  expect((await alerts()).map(({ rule }) => rule)).toEqual(['bin-fire'])

  const span = `from=${Date.now() - 40 * HOUR}&to=${Date.now() + HOUR}&points=5000`
  await until("yesterday's reading in the history", async () => {
    const { points } = await call<DeviceHistory>(
      hub,
      duty,
      `/devices/bin-1/history?field=temperature&${span}`,
    )
    // The last point is the mean of half a minute, with one reading of 90 among many of 20.
    return points.length >= 2 && points[0]?.value === 90 && Number(points.at(-1)?.value) < 60
  })
  await bin.end()
  expect(await hub.end('SIGTERM')).toBe(0)
  const reader = openJournalReader(join(place.dataDir, 'journal.db'))
  onTestFinished(reader.close)
  const entries = reader.read(0, 1000).flatMap((entry) => (entry.kind === 'telemetry' ? [entry] : []))
  expect(entries.map((entry) => entry.messageSeq)).toEqual(
    Array.from({ length: accepted + 1 }, (_, index) => index + 1),
  )
  expect(entries.map((entry) => entry.quality).slice(-4)).toEqual(['unset', 'future', 'late', 'live'])
  expect(entries.find((entry) => entry.messageSeq === unreadable.length + 1)?.values).toEqual({})
})
