import { beforeEach, describe, expect, test } from 'vitest'
import type { Change } from '../../../../model/change.ts'
import type { FeedPage, FeedTick } from '../../../../model/live-feed.ts'
import { alertChange, sampleAlert } from '../../../../tests/support/web-samples.ts'
import { createFeedConnection, type FeedListener, type FeedSocket } from './connection.ts'

/** The server's end of a socket, by hand. */
function handSocket() {
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
  const give = (event: string, ...args: unknown[]): void => {
    listeners.get(event)?.(...(args as never[]))
  }
  /** Gives a page; true when it was acknowledged. */
  const page = (value: FeedPage): boolean => {
    let applied = false
    give('page', value, () => {
      applied = true
    })
    return applied
  }
  return { socket, sent, calls, give, page }
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
  let hand: ReturnType<typeof handSocket>
  let shown: string[]
  let seq: number | undefined
  let link: { connected: boolean; synced: boolean }
  let caughtUp: { count: number; snapshot: boolean }[]
  let cuts: number

  const open = (wholeLog = true) => {
    const listener: FeedListener = {
      onState(state) {
        shown = [...state.alerts.keys()]
        seq = state.cursor?.seq
      },
      onTick() {},
      onTelemetry() {},
      onHeard() {},
      onLink(next) {
        link = next
      },
      onCaughtUp: (news) => void caughtUp.push(news),
      onCut: () => void cuts++,
    }
    const connection = createFeedConnection({ connect: () => hand.socket, wholeLog }, listener)
    hand.give('connect')
    return connection
  }

  beforeEach(() => {
    hand = handSocket()
    shown = []
    seq = undefined
    link = { connected: false, synced: false }
    caughtUp = []
    cuts = 0
  })

  test('a snapshot in pages is shown when it is whole, and each page is acknowledged', () => {
    open()
    expect(hand.page(snapshot(7, ['a'], { last: false }))).toBe(true)
    expect(shown).toEqual([])
    expect(link.synced).toBe(false)
    expect(hand.page(snapshot(7, ['b'], { first: false }))).toBe(true)
    expect(shown).toEqual(['a', 'b'])
    expect(link).toEqual({ connected: true, synced: true })
    expect(caughtUp).toEqual([{ count: 2, snapshot: true }])
  })

  test('changes follow; one that is missing makes it ask again from where it stands', () => {
    const connection = open()
    hand.page(snapshot(7, ['a']))
    hand.give('change', alertChange(8, alert('b')))
    expect(shown).toEqual(['a', 'b'])
    hand.give('change', alertChange(10, alert('d')))
    expect(hand.sent).toEqual([['resume', { epoch: 'e1', seq: 8 }]])
    expect(link.synced).toBe(false)
    // What still comes does not fit and is part of the answer anyway.
    hand.give('change', alertChange(11, alert('e')))
    expect(shown).toEqual(['a', 'b'])
    hand.page(changes([alertChange(9, alert('c')), alertChange(10, alert('d')), alertChange(11, alert('e'))]))
    expect(shown).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(caughtUp.at(-1)).toEqual({ count: 3, snapshot: false })
    expect(connection.cursor()).toEqual({ epoch: 'e1', seq: 11 })
  })

  test('what is told twice is applied once, and still acknowledged', () => {
    open()
    hand.page(snapshot(7, ['a']))
    hand.give('change', alertChange(8, alert('b')))
    expect(hand.page(changes([alertChange(8, alert('b'))]))).toBe(true)
    expect(seq).toBe(8)
    expect(link.synced).toBe(true)
  })

  test('a page of another epoch is answered by asking for a snapshot', () => {
    open()
    hand.page(snapshot(7, ['a']))
    expect(
      hand.page({ kind: 'changes', epoch: 'e2', last: true, changes: [alertChange(8, alert('b'))] }),
    ).toBe(false)
    expect(hand.sent).toEqual([['resume', null]])
    hand.page({ ...snapshot(2, ['z']), epoch: 'e2' } as FeedPage)
    expect(shown).toEqual(['z'])
  })

  test('a connection lost between the pages of a snapshot keeps what was whole', () => {
    const connection = open()
    hand.page(snapshot(7, ['a']))
    hand.page(snapshot(9, ['x'], { last: false }))
    hand.give('disconnect', 'transport close')
    expect(link).toEqual({ connected: false, synced: false })
    expect(connection.cursor()).toEqual({ epoch: 'e1', seq: 7 })
    hand.give('connect')
    hand.page(changes([alertChange(8, alert('b'))]))
    expect(shown).toEqual(['a', 'b'])
  })

  test('standing behind the head for three ticks without progress makes it ask again', () => {
    open()
    hand.page(snapshot(7, ['a']))
    for (let count = 0; count < 3; count++) hand.give('tick', tick(9))
    expect(hand.sent).toEqual([])
    hand.give('tick', tick(9))
    expect(hand.sent).toEqual([['resume', { epoch: 'e1', seq: 7 }]])
  })

  test('a crew, which gets its part of the log only, does not chase the head', () => {
    open(false)
    hand.page(snapshot(7, ['a']))
    for (let count = 0; count < 9; count++) hand.give('tick', tick(99))
    expect(hand.sent).toEqual([])
  })

  test('being sent away or refused is told, so that the session is looked at', () => {
    open()
    hand.give('disconnect', 'io server disconnect')
    hand.give('connect_error', new Error('403'))
    expect(cuts).toBe(2)
  })

  test('a dead line is opened anew and goes on from its cursor', () => {
    const connection = open()
    hand.page(snapshot(7, ['a']))
    connection.reopen()
    expect(hand.calls).toEqual(['disconnect', 'connect'])
    expect(connection.cursor()).toEqual({ epoch: 'e1', seq: 7 })
  })

  test('the wish for telemetry is repeated at every connect', () => {
    const connection = open()
    connection.watch(['lamp-1'])
    hand.give('disconnect', 'transport close')
    hand.give('connect')
    expect(hand.sent).toEqual([
      ['watch', ['lamp-1']],
      ['watch', ['lamp-1']],
    ])
  })
})
