import { describe, expect, test, vi } from 'vitest'
import type { DeviceEntry, Journaled } from '../../model/entry.ts'
import type { History } from '../../model/ports/history.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { createPump, type PumpOptions, type PumpStatus } from './pump.ts'
import { HistoryUnavailable } from './retry.ts'

/** A shared machine may be slow. */
const soon = { timeout: 15_000 }
const quick: PumpOptions = { maxBatch: 1000, pauseMs: 1, idleMs: 5, backoff: { firstMs: 1, maxMs: 4 } }

function entries(count: number, first = 1): Journaled[] {
  return Array.from({ length: count }, (_, index) => {
    const seq = first + index
    if (seq % 10 === 0) return { kind: 'tick', receivedAt: seq, seq }
    const values = { fillingLevel: 0 }
    const place = { site: 's', type: 'bin', device: 'b', receivedAt: seq, ts: seq }
    return { kind: 'telemetry', ...place, quality: 'live', values, seq }
  })
}

/** An engine that records seqs and calls `before` before each write. */
function scriptedHistory(before: (write: number, size: number) => void = () => {}) {
  const stored: number[] = []
  const sizes: number[] = []
  let cursor = 0
  const history: History = {
    cursor: async () => cursor,
    async write(entries: Iterable<Journaled<DeviceEntry>>, upTo) {
      const batch = [...entries]
      sizes.push(batch.length)
      before(sizes.length, batch.length)
      stored.push(...batch.map(({ seq }) => seq))
      cursor = upTo
      return { refused: 0 }
    },
    query: async () => [],
    count: async () => stored.length,
    rollUp: async () => {},
    prune: async () => {},
    close: async () => {},
  }
  return { history, stored, sizes, place: () => cursor }
}

function setUp(all: Journaled[], engine = scriptedHistory(), options: PumpOptions = quick) {
  const statuses: PumpStatus[] = []
  const pump = createPump(options, {
    history: engine.history,
    journal: {
      page(after, limit) {
        const entries = all.filter(({ seq }) => seq > after).slice(0, limit)
        const [first, last] = [entries[0], entries.at(-1)]
        return first && last && { firstSeq: first.seq, lastSeq: last.seq, entries }
      },
      lastSeq: () => all.at(-1)?.seq ?? 0,
    },
    logger: silentLogger,
    onStatus: (status) => statuses.push(status),
    onWrite: () => {},
  })
  return { pump, engine, statuses, all }
}

const deviceSeqs = (all: readonly Journaled[]) =>
  all.filter(({ kind }) => kind !== 'tick').map(({ seq }) => seq)

describe('pump', () => {
  test('stores every device entry once, in order, up to the last tick', async () => {
    const { pump, engine, all } = setUp(entries(5000))
    pump.start()
    await pump.stop()
    expect(engine.stored).toEqual(deviceSeqs(all))
    expect(engine.place()).toBe(5000)
  })

  test('keeps its position while the engine is unavailable; nothing is lost or doubled', async () => {
    const engine = scriptedHistory((write) => {
      if (write >= 2 && write <= 6) throw new HistoryUnavailable('down')
    })
    const { pump, statuses, all } = setUp(entries(4000), engine)
    pump.start()
    await vi.waitFor(() => expect(engine.place()).toBe(4000), soon)
    await pump.stop()
    expect(engine.stored).toEqual(deviceSeqs(all))
    expect(statuses).toContainEqual({ cursor: 1000, behind: 3000, state: 'waiting', reason: 'down' })
    expect(statuses.at(-1)).toEqual({ cursor: 4000, behind: 0, state: 'ok', reason: '' })
  })

  test('halves the batch after failures and doubles it after successes', async () => {
    const engine = scriptedHistory((_, size) => {
      if (size > 600) throw new HistoryUnavailable('timed out')
    })
    const { pump } = setUp(entries(3000), engine)
    pump.start()
    await vi.waitFor(() => expect(engine.place()).toBe(3000), soon)
    await pump.stop()
    expect(engine.sizes.slice(0, 2)).toEqual([900, 450])
    expect(engine.sizes.filter((size) => size === 900).length).toBeGreaterThan(1)
  })

  test('any error keeps the position', async () => {
    const engine = scriptedHistory((write) => {
      if (write === 1) throw new TypeError('a bug')
    })
    const { pump, all } = setUp(entries(10), engine)
    pump.start()
    await vi.waitFor(() => expect(engine.stored).toEqual(deviceSeqs(all)), soon)
    await pump.stop()
  })

  test('a notification ends the idle wait', async () => {
    const all = entries(1)
    const { pump, engine } = setUp(all, scriptedHistory(), { ...quick, idleMs: 60_000 })
    pump.start()
    await vi.waitFor(() => expect(engine.place()).toBe(1), soon)
    all.push(...entries(1, 2))
    pump.notify()
    await vi.waitFor(() => expect(engine.place()).toBe(2), soon)
    await pump.stop()
  })

  test('a trickle is stored in few writes', async () => {
    const all = entries(1)
    const { pump, engine } = setUp(all, scriptedHistory(), { ...quick, pauseMs: 60_000 })
    pump.start()
    await vi.waitFor(() => expect(engine.place()).toBe(1), soon)
    for (let seq = 2; seq <= 50; seq++) {
      all.push(...entries(1, seq))
      pump.notify()
    }
    await pump.stop()
    expect(engine.sizes).toHaveLength(2)
    expect(engine.place()).toBe(50)
  })

  test('stops at once while the engine is away', async () => {
    const engine = scriptedHistory(() => {
      throw new HistoryUnavailable('down', { retryAfter: 600_000 })
    })
    const { pump, statuses } = setUp(entries(10), engine)
    pump.start()
    await vi.waitFor(() => expect(statuses.at(-1)?.state).toBe('waiting'), soon)
    await pump.stop()
    expect(engine.sizes).toHaveLength(1)
  })
})
