import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DeviceEntry } from '../model/entry.ts'
import { duplicateWindow, type Identity, identityOf } from './duplicates.ts'

const entry = (values: Partial<DeviceEntry>): DeviceEntry => ({
  kind: 'telemetry',
  site: 'garden',
  type: 'door',
  device: 'door-1',
  receivedAt: 1000,
  ts: 900,
  quality: 'live',
  messageSeq: 1,
  values: { contact: true },
  ...values,
})

describe('identityOf', () => {
  test('the same time, counter and channel are the same message', () => {
    expect(identityOf(entry({}))).toEqual(identityOf(entry({ receivedAt: 5000 })))
    expect(identityOf(entry({}))).not.toEqual(identityOf(entry({ messageSeq: 2 })))
    expect(identityOf(entry({}))).not.toEqual(identityOf(entry({ ts: 901 })))
    expect(identityOf(entry({}))).not.toEqual(identityOf(entry({ kind: 'event' })))
  })

  test('without a counter the values decide', () => {
    const plain = { messageSeq: undefined }
    expect(identityOf(entry(plain))).toEqual(identityOf(entry(plain)))
    expect(identityOf(entry(plain))).not.toEqual(identityOf(entry({ ...plain, values: { contact: false } })))
    expect(identityOf(entry(plain))).not.toEqual(identityOf(entry({ ...plain, kind: 'meta' })))
  })

  test('a status and a device without a clock have none', () => {
    expect(identityOf(entry({ kind: 'status' }))).toBeUndefined()
    expect(identityOf(entry({ quality: 'unset' }))).toBeUndefined()
  })
})

/** Reference model: a plain list of the newest messages. */
function plainWindow(limit: number) {
  let kept: (Identity | undefined)[] = []
  const same = (a: Identity | undefined, b: Identity) => a?.ts === b.ts && a.code === b.code
  return {
    has: (identity: Identity) => kept.some((one) => same(one, identity)),
    add: (identity: Identity) => {
      kept = [...kept, identity].slice(-limit)
    },
    remove: (identity: Identity) => {
      const at = kept.findIndex((one) => same(one, identity))
      if (at >= 0) kept[at] = undefined
    },
  }
}

test('behaves as a plain list of the last messages', () => {
  const identity = fc.record({ ts: fc.integer({ min: 0, max: 8 }), code: fc.integer({ min: -4, max: 4 }) })
  const step = fc.record({ what: fc.constantFrom('add', 'add', 'remove'), identity })
  fc.assert(
    fc.property(fc.constantFrom(5, 16, 40), fc.array(step, { maxLength: 120 }), (limit, steps) => {
      const window = duplicateWindow(limit)
      const plain = plainWindow(limit)
      for (const { what, identity } of steps) {
        if (what === 'remove') {
          window.remove(identity)
          plain.remove(identity)
        } else if (!window.has(identity)) {
          window.add(identity)
          plain.add(identity)
        }
        expect(window.has(identity)).toBe(plain.has(identity))
      }
    }),
  )
})
