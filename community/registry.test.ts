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
  /** Something heard now; `change` overrides. */
  const heard = (device: string, values: DeviceEntry['values'], change: Partial<DeviceEntry> = {}) =>
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
  return { clock, journal, records, create, heard }
}

async function started() {
  const parts = setUp()
  const registry = parts.create()
  await registry.start()
  return { ...parts, registry }
}

describe('latest values', () => {
  test('a sparse reading does not hide older fields', async () => {
    const { registry, heard, clock } = await started()
    heard('door', { contact: false, batteryLevel: 0.9 })
    clock.advance(1000)
    heard('door', { contact: true })
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

  test('a late reading fills in what is not known and moves nothing back', async () => {
    const { registry, heard } = await started()
    heard('door', { contact: true })
    heard('door', { contact: false, openCount: 4 }, { ts: T0 - 26 * HOUR, quality: 'late' })
    await registry.caughtUp()
    expect(registry.latest('door')).toMatchObject({ ts: T0, values: { contact: true, openCount: 4 } })
    await registry.stop()
  })

  test('a reading whose clock is ahead is of the hub\u2019s time', async () => {
    const { registry, heard, clock } = await started()
    heard('door', { contact: true })
    clock.advance(MINUTE)
    heard('door', { contact: false }, { ts: T0 + MINUTE, quality: 'future', claimedTs: Date.UTC(2106, 0, 1) })
    await registry.caughtUp()
    expect(registry.latest('door')).toMatchObject({ ts: T0 + MINUTE, values: { contact: false } })
    await registry.stop()
  })

  test('one that a former version kept with its time ahead is a sign of life, its values are not taken', async () => {
    const { registry, heard, clock } = await started()
    heard('door', { contact: true })
    clock.advance(MINUTE)
    heard('door', { contact: false }, { ts: Date.UTC(2106, 0, 1), quality: 'future' })
    await registry.caughtUp()
    expect(registry.latest('door')).toMatchObject({
      ts: T0,
      receivedAt: T0 + MINUTE,
      values: { contact: true },
    })
    await registry.stop()
  })

  test('in any order, the newest value of each field that came in order wins', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([1, 2, 3, 4, 5], { minLength: 1 }), async (order) => {
        const { registry, heard } = await started()
        for (const n of order) heard('door', { openCount: n }, { ts: T0 + n })
        await registry.caughtUp()
        expect(registry.latest('door')?.values.openCount).toBe(Math.max(...order))
        await registry.stop()
      }),
      { numRuns: 50 },
    )
  })

  test('who never spoke, or is not in the file, has no reading', async () => {
    const { registry, heard } = await started()
    heard('stranger', { contact: true })
    heard('lamp', {}, { kind: 'status', values: { state: 'offline' } })
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
    const { registry, heard, clock } = await started()
    heard(device, {}, { ts: T0 - HOUR })
    await registry.caughtUp()
    clock.advance(limit - 1)
    expect([registry.latest(device)?.online, registry.onlineCount()]).toEqual([true, 1])
    clock.advance(1)
    expect([registry.latest(device)?.online, registry.onlineCount()]).toEqual([false, 0])
    await registry.stop()
  })

  test('status offline is at once, the next message is back', async () => {
    const { registry, heard, clock } = await started()
    heard('lamp', { powerState: 'on' })
    clock.advance(MINUTE)
    heard('lamp', { state: 'offline' }, { kind: 'status' })
    await registry.caughtUp()
    expect(registry.latest('lamp')).toMatchObject({
      online: false,
      receivedAt: T0,
      values: { powerState: 'on' },
    })
    heard('lamp', { type: 'tamper' }, { kind: 'event' })
    await registry.caughtUp()
    expect(registry.latest('lamp')).toMatchObject({ online: true, values: { powerState: 'on' } })
    await registry.stop()
  })
})

describe('listeners', () => {
  test('are told the newest reading of what changed, twice a second at most', async () => {
    const { registry, heard, clock } = await started()
    const told: (readonly LatestReading[])[] = []
    const cancel = registry.onChange((changed) => told.push(changed))
    for (let n = 1; n <= 100; n++) heard('door', { openCount: n })
    heard('lamp', { powerState: 'on' })
    await registry.caughtUp()
    expect(told).toEqual([])
    clock.advance(500)
    expect(told.map((changed) => changed.map(({ device, values }) => [device, values]))).toEqual([
      [
        ['door', { openCount: 100 }],
        ['lamp', { powerState: 'on' }],
      ],
    ])
    clock.advance(5000)
    expect(told.length).toBe(1)
    cancel()
    await registry.stop()
  })

  test('hear of a device that fell silent although nothing arrives', async () => {
    const { registry, heard, clock } = await started()
    heard('lamp', { powerState: 'on' })
    await registry.caughtUp()
    clock.advance(1000)
    const told: LatestReading[] = []
    registry.onChange((changed) => told.push(...changed))
    clock.advance(10 * MINUTE)
    expect(told.map(({ device, online }) => [device, online])).toEqual([['lamp', false]])
    await registry.stop()
  })
})

describe('restart', () => {
  test('goes on from what was saved, then from the journal', async () => {
    const { registry, heard, clock, create, records } = await started()
    heard('door', { contact: false, batteryLevel: 0.5 })
    heard('lamp', { state: 'online' }, { kind: 'status' })
    heard('lamp', { state: 'offline' }, { kind: 'status' })
    await registry.caughtUp()
    await registry.stop()
    expect(await records.cursors.get('registry')).toBe(3)
    clock.advance(HOUR)
    heard('door', { contact: true })
    const next = create()
    await next.start()
    await next.caughtUp()
    expect(next.latest('door')).toMatchObject({ ts: T0 + HOUR, values: { contact: true, batteryLevel: 0.5 } })
    expect(next.latest('lamp')).toMatchObject({ online: false, receivedAt: T0 })
    await next.stop()
  })

  test('is saved every 10 s, readings and cursor together, and again when a save failed', async () => {
    const { heard, clock, records, journal } = setUp()
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
    heard('door', { contact: true })
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
    const { heard, create, records } = setUp()
    await records.cursors.set('registry', 900)
    heard('door', { contact: true })
    const registry = create()
    await registry.start()
    await registry.caughtUp()
    expect(registry.latest('door')?.values).toEqual({ contact: true })
    await registry.stop()
  })

  test('a journal that cannot be read is tried again', async () => {
    const { registry, heard, clock, journal } = await started()
    journal.broken = true
    heard('door', { contact: true })
    await registry.caughtUp()
    expect([registry.latest('door'), registry.behind()]).toEqual([undefined, 1])
    journal.broken = false
    clock.advance(500)
    await registry.caughtUp()
    expect([registry.latest('door')?.values, registry.behind()]).toEqual([{ contact: true }, 0])
    await registry.stop()
  })
})
