import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { manualClock } from '../model/clock.ts'
import type { DeviceEntry, Entry } from '../model/entry.ts'
import type { LatestReading } from '../model/live-feed.ts'
import { silentLogger } from '../model/ports/logger.ts'
import { noMetrics } from '../model/ports/metrics.ts'
import { memoryJournal } from '../tests/support/memory-journal.ts'
import { memoryRecords } from '../tests/support/memory-records.ts'
import { buildDirectory } from './directory.ts'
import { readCommunity } from './read.ts'
import { createRegistry } from './registry.ts'

const T0 = Date.UTC(2026, 2, 1)
const MINUTE = 60_000
const HOUR = 60 * MINUTE

const community = readCommunity(
  `sites: [{ id: s, name: S, timeZone: UTC, latitude: 0, longitude: 0 }]
devices: [{ id: lamp, type: streetlight, site: s }, { id: door, type: door, site: s }, { id: mute, type: door, site: s }]`,
  'c.yaml',
)
if (!community.ok) throw new Error('the test file is wrong')
const directory = buildDirectory(community.file)

/** `broken` makes reads fail. */
function breakableJournal() {
  const memory = memoryJournal()
  return {
    broken: false,
    add: (entry: Entry): void => void memory.append(entry),
    async read(after: number, limit: number) {
      if (this.broken) throw new Error('disk')
      return memory.read(after, limit)
    },
    lastSeq: memory.lastSeq,
    onAppend: memory.onAppend,
  }
}

function setUp() {
  const clock = manualClock(T0)
  const journal = breakableJournal()
  const records = memoryRecords()
  const create = () =>
    createRegistry({ directory, journal, records, clock, logger: silentLogger, metrics: noMetrics })
  /** A message received now; `change` overrides. */
  const receive = (device: string, values: DeviceEntry['values'], change: Partial<DeviceEntry> = {}) =>
    journal.add({
      kind: 'telemetry',
      site: 's',
      type: device === 'lamp' ? 'streetlight' : 'door',
      device,
      receivedAt: clock.now(),
      ts: clock.now(),
      quality: 'live',
      values,
      ...change,
    })
  return { clock, journal, records, create, receive }
}

async function started() {
  const setup = setUp()
  const registry = setup.create()
  await registry.start()
  return { ...setup, registry }
}

describe('latest values', () => {
  test('a sparse reading does not hide older fields', async () => {
    const { registry, receive, clock } = await started()
    receive('door', { contact: false, batteryLevel: 0.9 })
    clock.advance(1000)
    receive('door', { contact: true })
    await registry.caughtUp()
    expect(registry.latest('door')).toEqual({
      device: 'door',
      ts: T0 + 1000,
      receivedAt: T0 + 1000,
      online: true,
      values: { contact: true, batteryLevel: 0.9 },
    })
    await registry.stop()
  })

  test('a late reading adds unknown fields and changes no others', async () => {
    const { registry, receive } = await started()
    receive('door', { contact: true })
    receive('door', { contact: false, openCount: 4 }, { ts: T0 - 26 * HOUR, quality: 'late' })
    await registry.caughtUp()
    expect(registry.latest('door')).toMatchObject({ ts: T0, values: { contact: true, openCount: 4 } })
    await registry.stop()
  })

  test('a reading with a time ahead gets the hub\u2019s time', async () => {
    const { registry, receive, clock } = await started()
    receive('door', { contact: true })
    clock.advance(MINUTE)
    receive(
      'door',
      { contact: false },
      { ts: T0 + MINUTE, quality: 'future', claimedTs: Date.UTC(2106, 0, 1) },
    )
    await registry.caughtUp()
    expect(registry.latest('door')).toMatchObject({ ts: T0 + MINUTE, values: { contact: false } })
    await registry.stop()
  })

  test('an entry of a former version with a time ahead is a sign of life, its values are ignored', async () => {
    const { registry, receive, clock } = await started()
    receive('door', { contact: true })
    clock.advance(MINUTE)
    receive('door', { contact: false }, { ts: Date.UTC(2106, 0, 1), quality: 'future' })
    await registry.caughtUp()
    expect(registry.latest('door')).toMatchObject({
      ts: T0,
      receivedAt: T0 + MINUTE,
      values: { contact: true },
    })
    await registry.stop()
  })

  test('the newest value wins, for any order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([1, 2, 3, 4, 5], { minLength: 1 }), async (order) => {
        const { registry, receive } = await started()
        for (const n of order) receive('door', { openCount: n }, { ts: T0 + n })
        await registry.caughtUp()
        expect(registry.latest('door')?.values.openCount).toBe(Math.max(...order))
        await registry.stop()
      }),
      { numRuns: 50 },
    )
  })

  test('a device that never sent, or is not in the file, has no reading', async () => {
    const { registry, receive } = await started()
    receive('stranger', { contact: true })
    receive('lamp', {}, { kind: 'status', values: { state: 'offline' } })
    await registry.caughtUp()
    expect([
      registry.latest('mute'),
      registry.latest('stranger'),
      registry.latest('lamp'),
      registry.all(),
    ]).toEqual([undefined, undefined, undefined, []])
    await registry.stop()
  })
})

describe('online', () => {
  test.each([
    ['lamp', 10 * MINUTE],
    ['door', 25 * HOUR],
  ])('%s is offline after %d ms of silence, by the hub clock', async (device, limit) => {
    const { registry, receive, clock } = await started()
    receive(device, {}, { ts: T0 - HOUR })
    await registry.caughtUp()
    clock.advance(limit - 1)
    expect([registry.latest(device)?.online, registry.onlineCount()]).toEqual([true, 1])
    clock.advance(1)
    expect([registry.latest(device)?.online, registry.onlineCount()]).toEqual([false, 0])
    await registry.stop()
  })

  test('status offline applies at once, the next message ends it', async () => {
    const { registry, receive, clock } = await started()
    receive('lamp', { powerState: 'on' })
    clock.advance(MINUTE)
    receive('lamp', { state: 'offline' }, { kind: 'status' })
    await registry.caughtUp()
    expect(registry.latest('lamp')).toMatchObject({
      online: false,
      receivedAt: T0,
      values: { powerState: 'on' },
    })
    receive('lamp', { type: 'tamper' }, { kind: 'event' })
    await registry.caughtUp()
    expect(registry.latest('lamp')).toMatchObject({ online: true, values: { powerState: 'on' } })
    await registry.stop()
  })
})

describe('listeners', () => {
  test('get the newest reading of each changed device, at most twice a second', async () => {
    const { registry, receive, clock } = await started()
    const emitted: (readonly LatestReading[])[] = []
    const cancel = registry.onChange((changed) => emitted.push(changed))
    for (let n = 1; n <= 100; n++) receive('door', { openCount: n })
    receive('lamp', { powerState: 'on' })
    await registry.caughtUp()
    expect(emitted).toEqual([])
    clock.advance(500)
    expect(emitted.map((changed) => changed.map(({ device, values }) => [device, values]))).toEqual([
      [
        ['door', { openCount: 100 }],
        ['lamp', { powerState: 'on' }],
      ],
    ])
    clock.advance(5000)
    expect(emitted.length).toBe(1)
    cancel()
    await registry.stop()
  })

  test('get a device that went offline although nothing arrives', async () => {
    const { registry, receive, clock } = await started()
    receive('lamp', { powerState: 'on' })
    await registry.caughtUp()
    clock.advance(1000)
    const emitted: LatestReading[] = []
    registry.onChange((changed) => emitted.push(...changed))
    clock.advance(10 * MINUTE)
    expect(emitted.map(({ device, online }) => [device, online])).toEqual([['lamp', false]])
    await registry.stop()
  })
})

describe('restart', () => {
  test('continues from the saved readings, then from the journal', async () => {
    const { registry, receive, clock, create, records } = await started()
    receive('door', { contact: false, batteryLevel: 0.5 })
    receive('lamp', { state: 'online' }, { kind: 'status' })
    receive('lamp', { state: 'offline' }, { kind: 'status' })
    await registry.caughtUp()
    await registry.stop()
    expect(await records.cursors.get('registry')).toBe(3)
    clock.advance(HOUR)
    receive('door', { contact: true })
    const next = create()
    await next.start()
    await next.caughtUp()
    expect(next.latest('door')).toMatchObject({ ts: T0 + HOUR, values: { contact: true, batteryLevel: 0.5 } })
    expect(next.latest('lamp')).toMatchObject({ online: false, receivedAt: T0 })
    await next.stop()
  })

  test('saves readings and cursor together every 10 s, and retries after a failed save', async () => {
    const { receive, clock, records, journal } = setUp()
    let attempts = 0
    const flaky = {
      ...records,
      transaction<T>(work: Parameters<typeof records.transaction<T>>[0]): Promise<T> {
        attempts++
        return attempts === 1 ? Promise.reject(new Error('disk')) : records.transaction(work)
      },
    }
    const registry = createRegistry({
      directory,
      journal,
      records: flaky,
      clock,
      logger: silentLogger,
      metrics: noMetrics,
    })
    await registry.start()
    receive('door', { contact: true })
    await registry.caughtUp()
    clock.advance(10_000)
    await expect.poll(() => attempts).toBe(1)
    expect([await records.latest.load(), await records.cursors.get('registry')]).toEqual([[], 0])
    clock.advance(10_000)
    await expect.poll(() => records.cursors.get('registry')).toBe(1)
    expect((await records.latest.load()).map(({ device }) => device)).toEqual(['door'])
    await registry.stop()
  })

  test('a journal shorter than the cursor is read from its beginning', async () => {
    const { receive, create, records } = setUp()
    await records.cursors.set('registry', 900)
    receive('door', { contact: true })
    const registry = create()
    await registry.start()
    await registry.caughtUp()
    expect(registry.latest('door')?.values).toEqual({ contact: true })
    await registry.stop()
  })

  test('a failed read of the journal is retried', async () => {
    const { registry, receive, clock, journal } = await started()
    journal.broken = true
    receive('door', { contact: true })
    await registry.caughtUp()
    expect([registry.latest('door'), registry.behind()]).toEqual([undefined, 1])
    journal.broken = false
    clock.advance(500)
    await registry.caughtUp()
    expect([registry.latest('door')?.values, registry.behind()]).toEqual([{ contact: true }, 0])
    await registry.stop()
  })
})
