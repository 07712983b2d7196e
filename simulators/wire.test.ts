/** The simulated community and the replay over real sockets, against the hub's own broker. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../model/clock.ts'
import { communityFile } from '../model/community-file.ts'
import { silentLogger } from '../model/ports/logger.ts'
import { formatRecorded } from '../model/recorded-log.ts'
import { buildTopic, parseTopic } from '../model/topics.ts'
import { startBroker } from '../tests/support/broker.ts'
import { temporaryFolder } from '../tests/support/temporary-folder.ts'
import { until } from '../tests/support/until.ts'
import { makeCommunity } from './demo/community.ts'
import { faults } from './faults/table.ts'
import { type Plan, placeFault } from './plan.ts'
import { recordSimulation } from './record.ts'
import { type ReplayOptions, replay } from './replay/replay.ts'
import { createSimulator, type SimulatorOptions } from './run.ts'
import { subjectsOf } from './subject.ts'

const community = communityFile.parse(makeCommunity())
const devices = new Map(community.devices.map((device) => [device.id, device]))
const secretOf = (device: string) => `secret-of-${device}`
const deps = { clock: systemClock, logger: silentLogger }

async function hub(known: (id: string) => boolean = () => true) {
  const broker = await startBroker(
    {},
    {
      deviceTopic: (id) => {
        const device = devices.get(id)
        return device && { site: device.site, type: device.type }
      },
      authenticate: (id, secret) => (known(id) && secret === secretOf(id) ? 'ok' : 'wrong-secret'),
    },
  )
  const received = () =>
    broker.delivered.map(({ topic, payload, retain }) => {
      const parts = parseTopic(topic)
      if (!parts) throw new Error(topic)
      return { ...parts, retain, payload: JSON.parse(payload.toString()) as Record<string, unknown> }
    })
  return { ...broker, received, url: `mqtt://127.0.0.1:${broker.port}` }
}

describe('createSimulator', () => {
  const small = { ...community, devices: community.devices.filter((device) => device.grid === 'garden-g1') }
  const simulator = (options: Partial<SimulatorOptions> & Pick<SimulatorOptions, 'url'>) => {
    const made = createSimulator(
      {
        community: small,
        credentials: Object.fromEntries(small.devices.map(({ id }) => [id, secretOf(id)])),
        plan: [],
        seed: 's',
        speed: 1,
        ...options,
      },
      deps,
    )
    onTestFinished(() => made.stop())
    return made
  }
  /** One fault by hand on the first bin of the small community. */
  const planned = (name: string, from: number, duration: number): Plan => {
    const subjects = subjectsOf(small)
    const fault = faults.get(name)
    const subject = subjects.find((one) => one.type === 'bin')
    if (!fault || !subject) throw new Error(name)
    return [placeFault(fault, subject, { span: { from, to: from + duration }, subjects })]
  }

  test('connects 200 devices, each with status, meta and a reading', async () => {
    const { url, received } = await hub()
    const credentials = Object.fromEntries(community.devices.map(({ id }) => [id, secretOf(id)]))
    const running = simulator({ url, community, credentials })
    await running.start()
    expect(running.stats()).toMatchObject({ devices: community.devices.length, refused: 0, passedOver: [] })
    const complete = () => {
      const channels = new Map<string, Set<string>>()
      for (const { device, channel } of received())
        channels.set(device, (channels.get(device) ?? new Set()).add(channel))
      const done = [...channels.values()].filter((channels) =>
        ['status', 'meta', 'telemetry'].every((one) => channels.has(one)),
      )
      return done.length === community.devices.length
    }
    await until('all messages of every device', complete)
    for (const { channel, retain, payload } of received()) {
      expect(retain).toBe(channel === 'status' || channel === 'meta')
      if (channel === 'status') expect(payload.state).toBe('online')
    }
  })

  test('a dropped connection publishes the Last Will and reconnects; a clean stop does not', async () => {
    const { url, received } = await hub()
    const from = Date.now() + 2300
    const running = simulator({ url, plan: planned('offline', from, 800), from: Date.now() })
    await running.start()
    const states = () => {
      const [one] = planned('offline', from, 800)
      return received().flatMap(({ device, channel, payload }) =>
        device === one?.device && channel === 'status' ? [payload.state] : [],
      )
    }
    await until('offline and back', () => states().join() === 'online,offline,online')
    await running.stop()
    await until('nobody is connected', () => running.stats().connected === 0)
    expect(received().filter(({ payload }) => payload.state === 'offline')).toHaveLength(1)
    expect(running.stats().acknowledged).toBe(running.stats().sent)
  })

  test('refused logins are counted and not retried, devices without a secret are left out', async () => {
    const bad = small.devices[0]?.id ?? ''
    const without = small.devices[1]?.id ?? ''
    const { url } = await hub((id) => id !== bad)
    const credentials = Object.fromEntries(
      small.devices.filter(({ id }) => id !== without).map(({ id }) => [id, secretOf(id)]),
    )
    const running = simulator({ url, credentials })
    await running.start()
    expect(running.stats()).toMatchObject({
      devices: small.devices.length - 1,
      refused: 1,
      passedOver: [without],
      connected: small.devices.length - 2,
    })
  })

  test('starts without a hub, counts messages dropped from full queues, and stops', async () => {
    const running = simulator({ url: 'mqtt://127.0.0.1:9', speed: 5000 })
    await running.start()
    await until('the queues are full', () => running.stats().dropped > 0)
    expect(running.stats().connected).toBe(0)
    await running.stop()
  })
})

describe('replay', () => {
  const from = Date.parse('2026-03-01T00:00:00Z')
  const some = { ...community, devices: community.devices.filter((device) => device.type === 'elevator') }
  const recorded = [
    ...recordSimulation({ community: some, seed: 'r', plan: [], from, to: from + 10 * 60_000 }),
  ]

  function logOf(lines: readonly string[]): string {
    const path = join(temporaryFolder(), 'log.jsonl')
    writeFileSync(path, lines.join('\n'))
    return path
  }
  const run = (options: Partial<ReplayOptions> & Pick<ReplayOptions, 'log' | 'url'>) =>
    replay({ secretOf, speed: 'max', ...options }, deps)

  test('sends every message once, in the order of receivedAt, from an unsorted log', async () => {
    const { url, received } = await hub()
    const reversed = [...recorded].reverse().map(formatRecorded)
    const report = await run({ url, log: logOf(reversed) })
    const byTime = [...recorded].reverse().sort((a, b) => Date.parse(a.receivedAt) - Date.parse(b.receivedAt))
    expect(received().map(({ payload }) => payload)).toEqual(byTime.map(({ payload }) => payload))
    expect(report).toMatchObject({
      lines: recorded.length,
      stored: recorded.length,
      bad: 0,
      from,
      refused: { 'no-secret': 0, 'login-refused': 0, 'no-answer': 0 },
    })
  })

  test('retains status and meta, and publishes no Last Will of its own', async () => {
    const { url, received } = await hub()
    await run({ url, log: logOf(recorded.slice(0, 6).map(formatRecorded)) })
    for (const { channel, retain } of received())
      expect(retain).toBe(channel === 'status' || channel === 'meta')
    expect(received().some(({ payload }) => payload.state === 'offline')).toBe(false)
  })

  test('keeps only consecutive messages of one device in flight', async () => {
    const { url, hold, pending } = await hub()
    hold()
    const running = run({ url, log: logOf(recorded.slice(0, 30).map(formatRecorded)) })
    let answered = 0
    while (answered < 30) {
      await until(`message ${answered}`, () => pending.length > answered)
      const inFlight = pending.slice(answered)
      expect(new Set(inFlight.map(({ message }) => message.device)).size).toBe(1)
      pending[answered]?.store()
      answered++
    }
    expect((await running).stored).toBe(30)
  })

  test('maxReorder allows messages of several devices in flight', async () => {
    const { url, hold, pending } = await hub()
    hold()
    const running = run({ url, log: logOf(recorded.slice(0, 30).map(formatRecorded)), maxReorder: 60_000 })
    // The broker may stop reading a connection until it has acknowledged earlier messages.
    const waiting = () => new Set(pending.map(({ message }) => message.device)).size
    const all = new Set(recorded.slice(0, 30).map(({ topic }) => parseTopic(topic)?.device)).size
    expect(all).toBeGreaterThan(5)
    await until('messages of all devices in flight', () => waiting() === all)
    let answered = 0
    while (answered < 30) {
      await until(`message ${answered}`, () => pending.length > answered)
      pending[answered++]?.store()
    }
    expect((await running).stored).toBe(30)
  })

  test('many devices share few connections', async () => {
    const { url, broker } = await hub()
    const report = await run({
      url,
      log: logOf(recorded.slice(0, 200).map(formatRecorded)),
      maxConnections: 3,
    })
    expect(report.stored).toBe(200)
    expect(broker.connections()).toBeLessThanOrEqual(3)
  })

  test('reports bad lines and refused devices with their line and continues', async () => {
    const refused = some.devices[0]?.id ?? ''
    const secretless = some.devices[1]?.id ?? ''
    const { url } = await hub((id) => id !== refused)
    const good = recorded.filter(({ topic }) => {
      const device = parseTopic(topic)?.device
      return device !== refused && device !== secretless
    })
    const of = (device: string) => recorded.filter(({ topic }) => parseTopic(topic)?.device === device)
    const elsewhere = { ...good[0], topic: 'elsewhere/x' } as (typeof recorded)[number]
    const command = buildTopic({ site: 'garden', type: 'elevator', device: 'garden-lift-3', channel: 'cmd' })
    const lines = [
      'not json',
      '',
      formatRecorded(elsewhere),
      formatRecorded({ ...elsewhere, topic: command }),
      '{"receivedAt":"yesterday","topic":"t","payload":{}}',
      ...[...good, ...of(refused), ...of(secretless)].map(formatRecorded),
    ]
    const report = await run({
      url,
      log: logOf(lines),
      secretOf: (device) => (device === secretless ? undefined : secretOf(device)),
    })
    expect(report.badLines.map(({ line }) => line)).toEqual([1, 3, 4, 5])
    expect(report).toMatchObject({
      bad: 4,
      stored: good.length,
      refused: { 'login-refused': of(refused).length, 'no-secret': of(secretless).length, 'no-answer': 0 },
    })
    expect(report.refusedLines.map(({ fault }) => fault).sort((a, b) => a.localeCompare(b))).toEqual(
      [`${refused}: login-refused`, `${secretless}: no-secret`].sort((a, b) => a.localeCompare(b)),
    )
  })

  test('an unacknowledged message counts as refused, later ones are sent', async () => {
    const { url, hold, pending } = await hub()
    hold()
    const telemetry = recorded.filter(({ topic }) => parseTopic(topic)?.channel === 'telemetry')
    const three = [0, 1, 2].flatMap((index) => telemetry[index] ?? [])
    expect(new Set(three.map(({ topic }) => topic)).size).toBe(3)
    const running = run({ url, log: logOf(three.map(formatRecorded)), ackTimeoutMs: 200 })
    await until('the second message', () => pending.length > 1)
    for (let index = 1; index < 3; index++) {
      await until(`message ${index}`, () => pending.length > index)
      pending[index]?.store()
    }
    expect(await running).toMatchObject({ stored: 2, refused: { 'no-answer': 1 } })
  })

  test('a finite speed keeps the gaps of the recording', async () => {
    const { url } = await hub()
    const first = recorded[0]
    if (!first) throw new Error('nothing recorded')
    const later = { ...first, receivedAt: new Date(Date.parse(first.receivedAt) + 30_000).toISOString() }
    const begun = performance.now()
    await run({ url, log: logOf([first, later].map(formatRecorded)), speed: 100 })
    expect(performance.now() - begun).toBeGreaterThanOrEqual(295)
  })

  test('fails with BROKER_UNREACHABLE without a hub', async () => {
    const log = logOf(recorded.slice(0, 1).map(formatRecorded))
    await expect(run({ url: 'mqtt://127.0.0.1:9', log })).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
    })
  })

  test('stops when aborted', async () => {
    const { url, received } = await hub()
    const abort = new AbortController()
    const running = run({ url, log: logOf(recorded.map(formatRecorded)), speed: 1, signal: abort.signal })
    await until('the first message', () => received().length > 0)
    abort.abort()
    expect((await running).stored).toBeLessThan(recorded.length)
  })
})
