import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deviceTypes } from '../../../model/devices/table.ts'
import type { DeviceRow } from '../batch.ts'
import { createLineWriter, escapeTag, quoteString, timestamp } from './line-protocol.ts'

const writer = createLineWriter(deviceTypes, 'p_')
const row = (more: Partial<DeviceRow>): DeviceRow => ({
  kind: 'telemetry',
  site: 'north',
  type: 'door',
  device: 'door-1',
  receivedAt: 1_772_323_200_100,
  ts: 1_772_323_200_000,
  quality: 'live',
  values: {},
  seq: 7,
  ...more,
})

describe('lines', () => {
  test('a reading', () => {
    const values = { contact: false, openCount: 12, batteryLevel: 0.85 }
    expect(writer.reading(row({ values, messageSeq: 3 }))).toEqual({
      line: 'p_door,device=door-1,site=north contact=f,openCount=12,batteryLevel=0.85,seq=7i,received_at=1772323200100i,message_seq=3i 1772323200000000007',
      fits: true,
    })
  })

  test('a quality other than live is written; a value that does not fit is left out', () => {
    const { line, fits } = writer.reading(row({ quality: 'late', values: { contact: 'maybe', rssi: -70 } }))
    expect(fits).toBe(false)
    expect(line).toContain(' rssi=-70,seq=7i,')
    expect(line).toContain(',quality="late" ')
  })

  test('a device that moved is written with its new site', () => {
    writer.reading(row({}))
    expect(writer.reading(row({ site: 'south' })).line).toContain(',site=south ')
  })

  test('an event: its word, and the other values as JSON', () => {
    const line = writer.message(row({ kind: 'event', values: { type: 'sos', by: 'a "b"' } }))
    expect(line).toBe(
      'p_event,device=door-1,site=north,type=door word="sos",details="{\\"by\\":\\"a \\\\\\"b\\\\\\"\\"}",seq=7i,received_at=1772323200100i 1772323200000000007',
    )
  })
})

describe('timestamps', () => {
  test('differ for two entries of one millisecond, before 1970 too', () => {
    expect(timestamp(1_772_323_200_000, 1_000_001)).toBe('1772323200000000001')
    expect(timestamp(-5, 3)).toBe('-4999997')
    expect(timestamp(0, 3)).toBe('3')
  })

  test('are milliseconds with the seq below', () => {
    const ms = fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 })
    fc.assert(
      fc.property(ms, fc.nat(), (ts, seq) => {
        expect(BigInt(timestamp(ts, seq))).toBe(BigInt(ts) * 1_000_000n + BigInt(seq % 1_000_000))
      }),
    )
  })
})

describe('quoting', () => {
  /** Number of sections of a line: split at unescaped, unquoted spaces. */
  const sections = (line: string): number =>
    line.replace(/"(?:[^"\\]|\\.)*"/gs, '""').split(/(?<!\\) /).length

  test('no text breaks out of its section', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (tag, text) => {
        const line = `m,t=${escapeTag(tag)} f=${quoteString(text)} 1`
        expect(sections(line)).toBe(3)
        expect(escapeTag(tag)).not.toMatch(/[\n\r]|\\$|(?<!\\)[,=]/)
      }),
    )
  })
})
