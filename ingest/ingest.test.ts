import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Clock } from '../model/clock.ts'
import { manualClock, replayClock } from '../model/clock.ts'
import { silentLogger } from '../model/ports/logger.ts'
import { buildTopic, type DeviceChannel } from '../model/topics.ts'
import { countingMetrics } from '../tests/support/counting-metrics.ts'
import { device, directoryOf } from '../tests/support/directory.ts'
import { type MemoryJournal, memoryJournal } from '../tests/support/memory-journal.ts'
import { createIngest } from './ingest.ts'
import { ingestOptions } from './options.ts'

const start = Date.parse('2026-03-01T12:00:00Z')
const directory = directoryOf([device({ id: 'door-1', type: 'door' }), device({ id: 'bin-1', type: 'bin' })])

function setUp(given: { journal?: MemoryJournal; clock?: Clock; observeTime?: (ts: number) => void } = {}) {
  const journal = given.journal ?? memoryJournal()
  const clock = given.clock ?? manualClock(start)
  const lines: string[] = []
  const { metrics, counts } = countingMetrics('linli_ingest_')
  const ingest = createIngest(ingestOptions.parse({}), {
    directory: () => directory,
    journal,
    clock,
    metrics,
    logger: { ...silentLogger, warn: (_, message) => lines.push(message) },
    observeTime: given.observeTime,
  })
  return { ingest, journal, counts, lines }
}

const message = (payload: object | string, channel: DeviceChannel = 'telemetry', id = 'door-1') => ({
  device: id,
  topic: buildTopic({ site: 'garden', type: directory.device(id)?.type ?? 'door', device: id, channel }),
  payload: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
})
const opened = (seq: number, ts = '2026-03-01T11:59:59Z') => message({ ts, seq, contact: false })

describe('accept', () => {
  test('stores a reading once; the repetition is acknowledged only', async () => {
    const { ingest, journal, counts } = setUp()
    expect(await ingest.accept(opened(1))).toBe('stored')
    expect(await ingest.accept(opened(1))).toBe('duplicate')
    expect(await ingest.accept(opened(2))).toBe('stored')
    expect(journal.entries.map((entry) => entry.kind !== 'tick' && entry.messageSeq)).toEqual([1, 2])
    expect(counts.get('duplicates')).toBe(1)
    expect(counts.get('stored')).toBe(2)
  })

  test('knows repetitions after a restart', async () => {
    const { ingest, journal } = setUp()
    await ingest.accept(opened(1))
    await ingest.tick()
    const after = setUp({ journal })
    await after.ingest.start()
    expect(await after.ingest.accept(opened(1))).toBe('duplicate')
    expect(journal.entries).toHaveLength(2)
  })

  test('is not acknowledged before the journal has it', async () => {
    const { ingest, journal } = setUp()
    journal.hold()
    let settled = false
    const accepted = ingest.accept(opened(1)).finally(() => {
      settled = true
    })
    await new Promise(setImmediate)
    expect(settled).toBe(false)
    journal.release()
    expect(await accepted).toBe('stored')
  })

  test('a repetition waits for the first one, which is not stored yet', async () => {
    const { ingest, journal } = setUp()
    journal.hold()
    const results = [ingest.accept(opened(1)), ingest.accept(opened(1))]
    await new Promise(setImmediate)
    journal.release()
    expect(await Promise.all(results)).toEqual(['stored', 'duplicate'])
    expect(journal.entries).toHaveLength(1)
  })

  test('a repetition of one that failed is stored', async () => {
    const { ingest, journal, counts } = setUp()
    journal.hold()
    journal.failNext(1)
    const [first, second] = [ingest.accept(opened(1)), ingest.accept(opened(1))]
    await new Promise(setImmediate)
    journal.release()
    await expect(first).rejects.toMatchObject({ code: 'JOURNAL_FAILED' })
    expect(await second).toBe('stored')
    expect(await ingest.accept(opened(1))).toBe('duplicate')
    expect(journal.entries).toHaveLength(1)
    expect(counts.get('failed')).toBe(1)
  })

  test('the n-th append fails, for every n: its repetition is stored, nothing twice', async () => {
    for (let broken = 0; broken < 6; broken++) {
      const { ingest, journal } = setUp()
      for (let n = 0; n < 6; n++) {
        if (n === broken) journal.failNext(1)
        await ingest.accept(opened(n)).catch(() => ingest.accept(opened(n)))
      }
      expect(journal.entries.map((entry) => entry.kind !== 'tick' && entry.messageSeq)).toEqual([
        0, 1, 2, 3, 4, 5,
      ])
    }
  })
})

describe('quarantine', () => {
  test('what cannot be read is kept, counted, logged once, and acknowledged', async () => {
    const { ingest, journal, counts, lines } = setUp()
    const bad = message('{"contact":')
    expect(await ingest.accept(bad)).toBe('quarantined')
    expect(await ingest.accept(bad)).toBe('quarantined')
    expect(await ingest.accept(opened(1))).toBe('stored')
    expect(journal.kept[0]).toMatchObject({
      device: 'door-1',
      reason: 'not-json',
      receivedAt: start,
      size: 11,
    })
    expect(Buffer.from(journal.kept[0]?.payload ?? []).toString()).toBe('{"contact":')
    expect(counts.get('quarantined not-json')).toBe(2)
    expect(lines).toHaveLength(1)
  })

  test('keeps at most 4 KiB of it, and its whole size', async () => {
    const { ingest, journal } = setUp()
    await ingest.accept(message('x'.repeat(60_000)))
    expect(journal.kept[0]?.payload).toHaveLength(4096)
    expect(journal.kept[0]?.size).toBe(60_000)
  })

  test('is not acknowledged when it cannot be kept', async () => {
    const { ingest, journal } = setUp()
    journal.failNext(1)
    await expect(ingest.accept(message('x'))).rejects.toMatchObject({ code: 'JOURNAL_FAILED' })
  })
})

describe('fields and time', () => {
  test('dropped fields are counted by reason, wrong ones logged', async () => {
    const { ingest, counts, lines } = setUp()
    await ingest.accept(message({ ts: '2026-03-01T11:59:59Z', contact: 'no', color: 1, openCount: 3 }))
    expect(counts.get('dropped_fields door wrong-type')).toBe(1)
    expect(counts.get('dropped_fields door unknown')).toBe(1)
    expect(lines).toEqual(['wrong fields dropped'])
  })

  test('time that cannot be believed is counted', async () => {
    const { ingest, counts } = setUp()
    for (const ts of ['1970-01-01T00:00:01Z', '2106-02-07T06:28:15Z', '2026-02-01T00:00:00Z'])
      await ingest.accept(message({ ts, contact: true }))
    expect(['unset', 'future', 'late'].map((quality) => counts.get(`untrusted_time ${quality}`))).toEqual([
      1, 1, 1,
    ])
  })

  test('a repetition is known although its clock is ahead and the hub\u2019s time stands for it', async () => {
    const clock = manualClock(start)
    const { ingest, journal } = setUp({ clock })
    expect(await ingest.accept(opened(1, '2106-02-07T06:28:15Z'))).toBe('stored')
    clock.advance(5000)
    expect(await ingest.accept(opened(1, '2106-02-07T06:28:15Z'))).toBe('duplicate')
    expect(await ingest.accept(opened(1, '2106-02-07T06:28:20Z'))).toBe('stored')
    expect(journal.entries).toMatchObject([{ ts: start }, { ts: start + 5000 }])
    const after = setUp({ journal, clock: manualClock(start + 9000) })
    await after.ingest.start()
    expect(await after.ingest.accept(opened(1, '2106-02-07T06:28:20Z'))).toBe('duplicate')
  })

  test('receivedAt never falls, also after a restart with the clock set back', async () => {
    const clock = manualClock(start)
    const { ingest, journal } = setUp({ clock })
    await ingest.accept(opened(1))
    clock.set(start - 3600_000)
    await ingest.accept(opened(2))
    await ingest.tick()
    const after = setUp({ journal, clock: manualClock(start - 7200_000) })
    await after.ingest.start()
    await after.ingest.accept(opened(3))
    expect(journal.entries.map((entry) => entry.receivedAt)).toEqual([start, start, start, start])
  })

  test('with a replay clock the hub\u2019s time is the newest device time, this message\u2019s included', async () => {
    const clock = replayClock()
    const { ingest, journal } = setUp({ clock, observeTime: clock.observe })
    await ingest.accept(opened(1, '2026-03-01T00:00:00Z'))
    await ingest.accept(opened(2, '2026-03-08T00:00:00Z'))
    await ingest.accept(opened(3, '2026-03-07T23:59:00Z'))
    expect(
      journal.entries.map((entry) => entry.kind !== 'tick' && [entry.receivedAt, entry.quality]),
    ).toEqual([
      [Date.parse('2026-03-01T00:00:00Z'), 'live'],
      [Date.parse('2026-03-08T00:00:00Z'), 'live'],
      [Date.parse('2026-03-08T00:00:00Z'), 'live'],
    ])
  })
})

test('whatever fails, repeats and restarts: what was acknowledged is in the journal, and nothing is there twice', async () => {
  const step = fc.record({
    what: fc.constantFrom('send', 'send', 'send', 'send', 'settle', 'break', 'restart'),
    seq: fc.integer({ min: 0, max: 9 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const journal = memoryJournal()
      let { ingest } = setUp({ journal })
      const acknowledged = new Set<number>()
      const stored = () => journal.entries.map((entry) => entry.kind !== 'tick' && entry.messageSeq)
      const underWay: Promise<unknown>[] = []
      journal.hold()
      const settle = async () => {
        await new Promise(setImmediate)
        journal.release()
        await Promise.all(underWay.splice(0))
        journal.hold()
      }
      for (const { what, seq } of steps) {
        if (what === 'break') journal.failNext(2)
        else if (what === 'settle') await settle()
        else if (what === 'send')
          underWay.push(
            ingest.accept(opened(seq)).then(
              () => {
                acknowledged.add(seq)
                expect(stored()).toContain(seq)
              },
              () => {},
            ),
          )
        else {
          await settle()
          ingest = setUp({ journal }).ingest
          await ingest.start()
        }
      }
      await settle()
      expect(new Set(stored()).size).toBe(stored().length)
      for (const seq of acknowledged) expect(stored()).toContain(seq)
    }),
  )
})
