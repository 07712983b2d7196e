/** Counting by numbers: what came is never taken for lost, in whatever order and however often the device began anew. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DeviceEntry } from '../../../model/entry.ts'
import type { MessageCount } from '../../conditions/link-facts.ts'
import { midnight } from '../../testing/community.ts'
import { type LinkState, recordLink } from './link-quality.ts'

const MINUTE = 60_000
const DAY_OF_MINUTES = 1440
/** The longest a message is overtaken (promise 2), in messages. */
const OVERTAKEN = 5

interface Sent {
  readonly minute: number
  readonly seq: number
  readonly delay: number
  readonly lost: boolean
}

/** A message a minute for a day and a half; the device begins anew at `boots`. */
function sent(boots: readonly number[], delays: readonly number[], lost: ReadonlySet<number>): Sent[] {
  let seq = 0
  return Array.from({ length: DAY_OF_MINUTES * 1.5 }, (_, minute) => {
    seq = boots.includes(minute) ? 1 : seq + 1
    return { minute, seq, delay: delays[minute % delays.length] ?? 0, lost: lost.has(minute) }
  })
}

/** What is counted of the first day. */
function counted(messages: readonly Sent[]): MessageCount | undefined {
  const line: LinkState = {}
  const arrived = messages
    .filter((one) => !one.lost)
    .map((one) => ({ ...one, at: one.minute * MINUTE + one.delay * 1000 }))
    .toSorted((a, b) => a.at - b.at || a.minute - b.minute)
  for (const { minute, seq, at } of arrived) {
    const entry: DeviceEntry = {
      kind: 'telemetry',
      site: 'north',
      type: 'bin',
      device: 'b1',
      ts: midnight + minute * MINUTE,
      receivedAt: midnight + at,
      quality: 'live',
      messageSeq: seq,
      values: {},
    }
    const facts = recordLink(line, entry)
    if (facts?.counted) return facts.counted
  }
  return undefined
}

const boots = fc.array(fc.integer({ min: 1, max: 2000 }), { maxLength: 12 })
const delays = fc.array(fc.integer({ min: 0, max: OVERTAKEN * 60 - 1 }), { minLength: 1, maxLength: 40 })
const inOrder = fc.constant([0])

test('received messages are not counted as lost, except those in transit at the end of the day', () => {
  fc.assert(
    fc.property(boots, fc.oneof(delays, inOrder), (begins, waits) => {
      const day = counted(sent(begins, waits, new Set()))
      expect(day?.lost).toBeLessThanOrEqual(waits.length === 1 ? 0 : OVERTAKEN)
      expect(day?.expected).toBeLessThanOrEqual(DAY_OF_MINUTES + OVERTAKEN)
    }),
    { numRuns: 400 },
  )
})

test('a clock that moves back, or is corrected, causes no lost messages', () => {
  const hours = fc.integer({ min: 0, max: 60 })
  fc.assert(
    fc.property(hours, hours, fc.integer({ min: 1, max: 1000 }), (from, lasts, by) => {
      const line: LinkState = {}
      for (let minute = 0; minute < 4 * DAY_OF_MINUTES; minute++) {
        const isBack = minute >= from * 60 && minute < (from + lasts) * 60
        const receivedAt = midnight + minute * MINUTE
        const ts = receivedAt - (isBack ? by * 3_600_000 : 0)
        const quality = by > 24 && isBack ? 'late' : 'live'
        const envelope = { kind: 'telemetry', site: 'north', type: 'bin', device: 'b1', values: {} } as const
        const facts = recordLink(line, { ...envelope, ts, receivedAt, quality, messageSeq: minute })
        expect(facts?.counted?.lost ?? 0).toBe(0)
      }
    }),
    { numRuns: 60 },
  )
})

test('missing messages are counted, except the first and last between two restarts', () => {
  const never = fc.uniqueArray(fc.integer({ min: 10, max: 1400 }), { minLength: 20, maxLength: 200 })
  fc.assert(
    fc.property(boots, delays, never, (begins, waits, missing) => {
      const day = counted(sent(begins, waits, new Set(missing)))
      const unknowable = (begins.length + 1) * 2 * OVERTAKEN + missing.length * 0.1
      expect(day?.lost).toBeLessThanOrEqual(missing.length + OVERTAKEN)
      expect(day?.lost).toBeGreaterThanOrEqual(missing.length - unknowable)
    }),
    { numRuns: 400 },
  )
})
