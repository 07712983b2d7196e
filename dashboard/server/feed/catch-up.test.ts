import { beforeEach, describe, expect, test } from 'vitest'
import type { FeedPage } from '../../../model/live-feed.ts'
import type { Records } from '../../../model/ports/records.ts'
import { user } from '../../../tests/support/alert-fixtures.ts'
import { memoryRecords } from '../../../tests/support/memory-records.ts'
import { until } from '../../../tests/support/until.ts'
import { catchUp } from './catch-up.ts'
import { createConsole, type FeedConsole, type FeedSocket } from './console.ts'
import { scopeOf } from './scope.ts'

/** Blocks calls until the test releases them. */
interface Gate {
  readonly waiting: (() => void)[]
  pass<T>(work: () => Promise<T>): Promise<T>
}

function createGate(): Gate {
  const waiting: (() => void)[] = []
  return {
    waiting,
    async pass(work) {
      await new Promise<void>((go) => waiting.push(go))
      return work()
    },
  }
}

let records: Records
let pages: FeedPage[]
let readerAt: number
let acks: (() => void)[]
let console: FeedConsole

/** A socket that records pages; the test acknowledges them. */
function socketOf(): FeedSocket {
  const emitWithAck = (_event: string, page: FeedPage) => {
    pages.push(page)
    return new Promise<void>((applied) => acks.push(applied))
  }
  return { connected: true, timeout: () => ({ emitWithAck }) } as unknown as FeedSocket
}

async function append(times: number): Promise<void> {
  await records.transaction(async (tx) => {
    for (let n = 0; n < times; n++) {
      const after = { id: 'c', state: 'open' } as never
      await tx.changes.append({ at: 1, entity: 'case', action: 'x', actor: 'test', note: null, after })
    }
  })
}

beforeEach(async () => {
  records = memoryRecords()
  pages = []
  acks = []
  const duty = user('duty-officer')
  const session = { idHash: 'h', login: duty.login, createdAt: 0, expiresAt: 1 }
  const scope = scopeOf(duty)
  if (!scope) throw new Error('a duty officer may see the feed')
  console = createConsole(socketOf(), { user: duty, session }, scope)
  await append(250)
  readerAt = 250
})

const run = (seq: number | null, store: Records = records) =>
  catchUp(console, seq === null ? null : { epoch: 'memory', seq }, {
    records: store,
    readerPosition: () => readerAt,
    pageSize: 100,
    ackTimeoutMs: 1000,
    onPlan: () => {},
  })
const page = (n: number) => until(`page ${n}`, () => pages[n - 1])

describe('catch-up', () => {
  test('sends one acknowledged page at a time, and is live with the last', async () => {
    const outcome = run(0)
    await page(1)
    expect(pages).toHaveLength(1)
    acks[0]?.()
    await page(2)
    expect(console.live).toBe(false)
    acks[1]?.()
    expect(await page(3)).toMatchObject({ kind: 'changes', last: true })
    expect(console).toMatchObject({ live: true, position: 250, lastSent: 250 })
    acks[2]?.()
    expect(await outcome).toBe('live')
  })

  test('changes emitted during a snapshot follow in pages', async () => {
    const outcome = run(null)
    expect(await page(1)).toMatchObject({ kind: 'snapshot', asOf: 250, first: true, last: true })
    expect(console.live).toBe(true)
    acks[0]?.()
    expect(await outcome).toBe('live')

    readerAt = 260
    const late = run(null)
    expect(await page(2)).toMatchObject({ kind: 'snapshot', asOf: 250 })
    expect(console.live).toBe(false)
    await append(10)
    acks[1]?.()
    expect(await page(3)).toMatchObject({ kind: 'changes', last: true, changes: { length: 10 } })
    acks[2]?.()
    expect(await late).toBe('live')
    expect(console.lastSent).toBe(260)
  })

  test('a read that returns after a newer `resume` has no effect', async () => {
    const gate = createGate()
    const after: Records['changes']['after'] = (seq, limit) =>
      gate.pass(() => records.changes.after(seq, limit))
    const slow = { ...records, changes: { ...records.changes, after } }
    const older = run(0, slow)
    await until('its read', () => gate.waiting.length === 1)
    const newer = run(250, slow)
    await until('the other read', () => gate.waiting.length === 2)
    gate.waiting[1]?.()
    await page(1)
    gate.waiting[0]?.()
    expect(await older).toBe('superseded')
    expect(console).toMatchObject({ live: true, lastSent: 250 })
    acks[0]?.()
    expect(await newer).toBe('live')
    expect(pages).toHaveLength(1)
  })

  test('a snapshot that returns after a newer `resume` has no effect', async () => {
    const gate = createGate()
    const slow: Records = { ...records, transaction: (work) => gate.pass(() => records.transaction(work)) }
    const older = run(null, slow)
    await until('its snapshot', () => gate.waiting.length === 1)
    const newer = run(0)
    await page(1)
    gate.waiting[0]?.()
    expect(await older).toBe('superseded')
    expect(console).toMatchObject({ live: false, lastSent: 100 })
    for (const n of [0, 1, 2]) {
      await page(n + 1)
      acks[n]?.()
    }
    expect(await newer).toBe('live')
    expect(pages.map(({ kind }) => kind)).toEqual(['changes', 'changes', 'changes'])
  })

  test('sends a snapshot when the log was trimmed after planning', async () => {
    const firstSeq = async () => 1
    const stale: Records = { ...records, changes: { ...records.changes, firstSeq } }
    await records.changes.trim(2)
    const outcome = run(40, stale)
    expect(await page(1)).toMatchObject({ kind: 'snapshot', asOf: 250 })
    acks[0]?.()
    expect(await outcome).toBe('live')
  })
})
