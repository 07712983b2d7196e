import { beforeEach, describe, expect, test } from 'vitest'
import type { Change } from '../../../../model/change.ts'
import type { FeedPage, FeedTick } from '../../../../model/live-feed.ts'
import { alertChange, sampleAlert } from '../../../../tests/support/web-samples.ts'
import { createFeedConnection, type FeedListener, type FeedSocket } from './connection.ts'

/** A fake socket; the test plays the server. */
function fakeSocket() {
  const listeners = new Map<string, (...args: never[]) => void>()
  const sent: unknown[][] = []
  const calls: string[] = []
  const socket: FeedSocket = {
    on(event: string, listener: (...args: never[]) => void) {
      listeners.set(event, listener)
    },
    emit(...args: unknown[]) {
      sent.push(args)
    },
    connect: () => calls.push('connect'),
    disconnect: () => calls.push('disconnect'),
  }
  const deliver = (event: string, ...args: unknown[]): void => {
    listeners.get(event)?.(...(args as never[]))
  }
  /** Delivers a page; true when it was acknowledged. */
  const page = (value: FeedPage): boolean => {
    let applied = false
    deliver('page', value, () => {
      applied = true
    })
    return applied
  }
  return { socket, sent, calls, deliver, page }
}

const alert = (id: string) => sampleAlert({ id })
const snapshot = (asOf: number, ids: string[], more: { first?: boolean; last?: boolean } = {}): FeedPage => ({
  kind: 'snapshot',
  epoch: 'e1',
  first: more.first ?? true,
  last: more.last ?? true,
  asOf,
  part: { alerts: ids.map(alert), cases: [], workOrders: [] },
})
const changes = (list: Change[], last = true): FeedPage => ({
  kind: 'changes',
  epoch: 'e1',
  last,
  changes: list,
})
const tick = (head: number): FeedTick => ({
  now: 1,
  head,
  rulesBehind: 0,
  historyBehind: 0,
  devicesOnline: 0,
  devicesTotal: 0,
})

describe('feed connection', () => {
  let server: ReturnType<typeof fakeSocket>
  let shown: string[]
  let seq: number | undefined
  let status: { connected: boolean; synced: boolean }
  let caughtUp: { count: number; snapshot: boolean }[]
  let rejections: number

  const open = (wholeLog = true) => {
    const listener: FeedListener = {
      onState(state) {
        shown = [...state.alerts.keys()]
        seq = state.cursor?.seq
      },
      onTick() {},
      onTelemetry() {},
      onMessage() {},
      onStatus(next) {
        status = next
      },
      onCaughtUp: (result) => void caughtUp.push(result),
      onRejected: () => void rejections++,
    }
    const connection = createFeedConnection({ connect: () => server.socket, wholeLog }, listener)
    server.deliver('connect')
    return connection
  }

  beforeEach(() => {
    server = fakeSocket()
    shown = []
    seq = undefined
    status = { connected: false, synced: false }
    caughtUp = []
    rejections = 0
  })

  test('acknowledges each page of a snapshot, and shows it with the last page', () => {
    open()
    expect(server.page(snapshot(7, ['a'], { last: false }))).toBe(true)
    expect(shown).toEqual([])
    expect(status.synced).toBe(false)
    expect(server.page(snapshot(7, ['b'], { first: false }))).toBe(true)
    expect(shown).toEqual(['a', 'b'])
    expect(status).toEqual({ connected: true, synced: true })
    expect(caughtUp).toEqual([{ count: 2, snapshot: true }])
  })

  test('applies changes, and resumes from its cursor after a gap', () => {
    const connection = open()
    server.page(snapshot(7, ['a']))
    server.deliver('change', alertChange(8, alert('b')))
    expect(shown).toEqual(['a', 'b'])
    server.deliver('change', alertChange(10, alert('d')))
    expect(server.sent).toEqual([['resume', { epoch: 'e1', seq: 8 }]])
    expect(status.synced).toBe(false)
    // Changes before the answer are ignored: the answer contains them.
    server.deliver('change', alertChange(11, alert('e')))
    expect(shown).toEqual(['a', 'b'])
    server.page(
      changes([alertChange(9, alert('c')), alertChange(10, alert('d')), alertChange(11, alert('e'))]),
    )
    expect(shown).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(caughtUp.at(-1)).toEqual({ count: 3, snapshot: false })
    expect(connection.cursor()).toEqual({ epoch: 'e1', seq: 11 })
  })

  test('applies a repeated change once, and acknowledges its page', () => {
    open()
    server.page(snapshot(7, ['a']))
    server.deliver('change', alertChange(8, alert('b')))
    expect(server.page(changes([alertChange(8, alert('b'))]))).toBe(true)
    expect(seq).toBe(8)
    expect(status.synced).toBe(true)
  })

  test('asks for a snapshot when a page has another epoch', () => {
    open()
    server.page(snapshot(7, ['a']))
    expect(
      server.page({ kind: 'changes', epoch: 'e2', last: true, changes: [alertChange(8, alert('b'))] }),
    ).toBe(false)
    expect(server.sent).toEqual([['resume', null]])
    server.page({ ...snapshot(2, ['z']), epoch: 'e2' } as FeedPage)
    expect(shown).toEqual(['z'])
  })

  test('keeps the former state when the connection is lost between pages of a snapshot', () => {
    const connection = open()
    server.page(snapshot(7, ['a']))
    server.page(snapshot(9, ['x'], { last: false }))
    server.deliver('disconnect', 'transport close')
    expect(status).toEqual({ connected: false, synced: false })
    expect(connection.cursor()).toEqual({ epoch: 'e1', seq: 7 })
    server.deliver('connect')
    server.page(changes([alertChange(8, alert('b'))]))
    expect(shown).toEqual(['a', 'b'])
  })

  test('resumes after three ticks behind the head without progress', () => {
    open()
    server.page(snapshot(7, ['a']))
    for (let count = 0; count < 3; count++) server.deliver('tick', tick(9))
    expect(server.sent).toEqual([])
    server.deliver('tick', tick(9))
    expect(server.sent).toEqual([['resume', { epoch: 'e1', seq: 7 }]])
  })

  test('does not compare with the head when the user receives only part of the log', () => {
    open(false)
    server.page(snapshot(7, ['a']))
    for (let count = 0; count < 9; count++) server.deliver('tick', tick(99))
    expect(server.sent).toEqual([])
  })

  test('reports a disconnect or refusal by the server', () => {
    open()
    server.deliver('disconnect', 'io server disconnect')
    server.deliver('connect_error', new Error('403'))
    expect(rejections).toBe(2)
  })

  test('reopens the connection and keeps the cursor', () => {
    const connection = open()
    server.page(snapshot(7, ['a']))
    connection.reopen()
    expect(server.calls).toEqual(['disconnect', 'connect'])
    expect(connection.cursor()).toEqual({ epoch: 'e1', seq: 7 })
  })

  test('repeats the telemetry subscription after reconnecting', () => {
    const connection = open()
    connection.watch(['lamp-1'])
    server.deliver('disconnect', 'transport close')
    server.deliver('connect')
    expect(server.sent).toEqual([
      ['watch', ['lamp-1']],
      ['watch', ['lamp-1']],
    ])
  })
})
