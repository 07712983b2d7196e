import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deviceTypes } from '../model/devices/table.ts'
import { buildTopic, type Channel, parseTopic } from '../model/topics.ts'
import { device, directoryOf } from '../tests/support/directory.ts'
import { createPipeline, createTopicCache } from './pipeline.ts'

const receivedAt = Date.parse('2026-03-01T12:00:00Z')
const ts = '2026-03-01T11:59:58Z'
const directory = directoryOf([
  device({ id: 'bin-1', type: 'bin' }),
  device({ id: 'lift-1', type: 'elevator' }),
  device({ id: 'door-1', type: 'door' }),
  device({ id: 'odd-1', type: 'teapot' }),
])
const topicOf = (id: string, channel: Channel, type = directory.device(id)?.type ?? 'bin') =>
  buildTopic({ site: 'garden', type, device: id, channel })
const read = (topic: string, payload: Uint8Array | object) =>
  createPipeline(64, () => directory).ingest({ topic, payload }, () => receivedAt)

describe('telemetry', () => {
  test('a good reading is an entry', () => {
    const payload = { ts, seq: 7, fillingLevel: 0.72, temperature: 14.2, status: 'ok', batteryLevel: -1 }
    expect(read(topicOf('bin-1', 'telemetry'), Buffer.from(JSON.stringify(payload)))).toEqual({
      kind: 'accepted',
      dropped: [],
      identity: { ts: Date.parse(ts), code: 28 },
      entry: {
        kind: 'telemetry',
        site: 'garden',
        type: 'bin',
        device: 'bin-1',
        receivedAt,
        ts: Date.parse(ts),
        quality: 'live',
        messageSeq: 7,
        values: { fillingLevel: 0.72, temperature: 14.2, status: 'ok', batteryLevel: -1 },
      },
    })
  })

  test('wrong fields go, each with its reason, and their neighbours stay', () => {
    const payload = Buffer.from(
      `{"ts":"${ts}","fillingLevel":1.2,"temperature":"hot","distance":1e400,"status":"singing","position":null,
        "cargoWeight":12,"constructor":1,"__proto__":{"x":1},"color":"green"}`,
    )
    const result = read(topicOf('bin-1', 'telemetry'), payload)
    if (result.kind !== 'accepted') throw new Error(result.kind)
    expect(result.entry.values).toEqual({ cargoWeight: 12 })
    // What this hub does not know is no nonsense.
    expect(result.entry.rejected).toBe(5)
    expect(Object.fromEntries(result.dropped.map(({ field, fault }) => [field, fault]))).toEqual(
      Object.fromEntries([
        ['fillingLevel', 'out-of-range'],
        ['temperature', 'wrong-type'],
        ['distance', 'not-a-number'],
        ['status', 'unknown-word'],
        ['position', 'wrong-type'],
        ['constructor', 'unknown'],
        ['__proto__', 'unknown'],
        ['color', 'unknown'],
      ]),
    )
  })

  test('a reading whose every field is wrong is still a sign of life', () => {
    const result = read(topicOf('bin-1', 'telemetry'), { ts, temperature: 'x' })
    expect(result).toMatchObject({ kind: 'accepted', entry: { values: {} } })
  })

  test.each([
    ['a wrong time', { ts: 'yesterday' }, { quality: 'unset', ts: receivedAt }, ['ts']],
    ['a time in milliseconds', { ts: 1772366398000 }, { quality: 'unset', ts: receivedAt }, ['ts']],
    ['no time', {}, { quality: 'unset', ts: receivedAt }, []],
    ['1970', { ts: '1970-01-01T00:00:01Z' }, { quality: 'unset', ts: receivedAt }, []],
    [
      '2106',
      { ts: '2106-02-07T06:28:15Z' },
      { quality: 'future', ts: receivedAt, claimedTs: Date.parse('2106-02-07T06:28:15Z') },
      [],
    ],
    ['a negative counter', { ts, seq: -1 }, { messageSeq: undefined }, ['seq']],
    ['a counter in words', { ts, seq: '7' }, { messageSeq: undefined }, ['seq']],
  ])('%s is named and the reading kept', (_, envelope, entry, fields) => {
    const result = read(topicOf('bin-1', 'telemetry'), { ...envelope, cargoWeight: 1 })
    expect(result).toMatchObject({ kind: 'accepted', entry: { ...entry, values: { cargoWeight: 1 } } })
    expect(result.kind === 'accepted' && result.dropped.map(({ field }) => field)).toEqual(fields)
  })
})

describe('other channels', () => {
  test('an event carries its type', () => {
    expect(read(topicOf('door-1', 'event'), { ts, type: 'sos', note: 'x' })).toMatchObject({
      kind: 'accepted',
      entry: { kind: 'event', values: { type: 'sos' }, ts: Date.parse(ts) },
      dropped: [{ field: 'note', fault: 'unknown' }],
    })
  })

  test('meta has its own fields; text must be storable', () => {
    const result = read(topicOf('door-1', 'meta'), { room: 'kitchen\u0000', role: 'entrance', contact: true })
    expect(result).toMatchObject({ kind: 'accepted', entry: { values: { role: 'entrance' } } })
    expect(read(topicOf('door-1', 'meta'), { room: '\ud800' })).toMatchObject({ entry: { values: {} } })
    expect(read(topicOf('door-1', 'meta'), { room: '厨房' })).toMatchObject({
      entry: { values: { room: '厨房' } },
    })
  })

  test('a status has the hub\u2019s time, so a Last Will written weeks ago is current', () => {
    expect(read(topicOf('door-1', 'status'), { state: 'offline', ts: '2026-01-01T00:00:00Z' })).toMatchObject(
      {
        entry: { kind: 'status', values: { state: 'offline' }, ts: receivedAt, quality: 'live' },
      },
    )
  })
})

describe('quarantine', () => {
  test.each([
    ['a topic outside the scheme', 'somewhere/else', {}, 'unknown-topic'],
    ['a topic with NUL', topicOf('bin-1', 'telemetry').replace('bin-1', 'bin\u00001'), {}, 'unknown-topic'],
    ['the command topic', topicOf('bin-1', 'cmd'), {}, 'unknown-topic'],
    ['an unknown device', topicOf('bin-9', 'telemetry'), {}, 'unknown-device'],
    ['a device of an unknown type', topicOf('odd-1', 'telemetry'), {}, 'unknown-device'],
    ['a type other than the device’s', topicOf('bin-1', 'telemetry', 'door'), {}, 'wrong-place'],
    ['an unknown event', topicOf('door-1', 'event'), { type: 'toString' }, 'unknown-event'],
    ['an event without a type', topicOf('door-1', 'event'), { ts }, 'unknown-event'],
    ['an unknown state', topicOf('door-1', 'status'), { state: 'asleep' }, 'unknown-state'],
    ['an array', topicOf('bin-1', 'telemetry'), [1], 'not-an-object'],
    ['an empty payload', topicOf('bin-1', 'status'), Buffer.alloc(0), 'empty'],
  ])('%s', (_, topic, payload, reason) => {
    expect(read(topic, payload)).toEqual({ kind: 'quarantined', reason })
  })
})

describe('properties', () => {
  const channels: Channel[] = ['telemetry', 'event', 'status', 'meta', 'cmd']

  test('any bytes on any topic: an entry or a reason, never a throw', () => {
    const payload = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
      fc.dictionary(fc.string(), fc.jsonValue()).map((value) => Buffer.from(JSON.stringify(value))),
    )
    const topic = fc.oneof(
      fc.string(),
      fc.constantFrom(...channels.map((channel) => topicOf('lift-1', channel))),
    )
    fc.assert(
      fc.property(topic, payload, (name, bytes) => {
        expect(['accepted', 'quarantined']).toContain(read(name, bytes).kind)
      }),
      { numRuns: 500 },
    )
  })

  test('valid fields survive any neighbours', () => {
    const good = { fillingLevel: 0.5, temperature: -3, status: 'ok' }
    const other = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('distance', 'position', 'ts', 'seq', '__proto__', 'rssi')),
      fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.double()),
    )
    fc.assert(
      fc.property(other, (noise) => {
        const payload = Buffer.from(JSON.stringify({ ...noise, ...good }))
        const result = read(topicOf('bin-1', 'telemetry'), payload)
        expect(result).toMatchObject({ kind: 'accepted', entry: { values: good } })
      }),
    )
  })

  test('bytes and the parsed object give the same result', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('ts', 'seq', 'contact', 'openCount', 'x'), fc.jsonValue()),
        (value) => {
          const text = JSON.stringify(value)
          const topic = topicOf('door-1', 'telemetry')
          expect(read(topic, Buffer.from(text))).toEqual(read(topic, JSON.parse(text)))
        },
      ),
    )
  })

  test('accepts every field of every type at the ends of its range', () => {
    for (const type of deviceTypes.values()) {
      const one = directoryOf([device({ id: 'x', type: type.type })])
      for (const end of ['min', 'max'] as const) {
        const payload = Object.fromEntries(
          Object.entries(type.telemetry).map(([name, field]) => [
            name,
            field.kind === 'number'
              ? field[end]
              : field.kind === 'boolean'
                ? end === 'max'
                : field.kind === 'list'
                  ? field.values
                  : field.values.at(end === 'min' ? 0 : -1),
          ]),
        )
        const topic = topicOf('x', 'telemetry', type.type)
        expect(createPipeline(64, () => one).ingest({ topic, payload }, () => receivedAt)).toMatchObject({
          entry: { values: payload },
          dropped: [],
        })
      }
    }
  })
})

describe('duplicates', () => {
  const message = { topic: topicOf('bin-1', 'telemetry'), payload: { ts, seq: 7, cargoWeight: 1 } }
  const stamp = () => receivedAt

  test('the second of two equal messages is a duplicate', () => {
    const pipeline = createPipeline(64, () => directory)
    expect(pipeline.ingest(message, stamp).kind).toBe('accepted')
    expect(pipeline.ingest(message, stamp)).toMatchObject({ kind: 'duplicate', device: 'bin-1' })
  })

  test('a message that was not stored is accepted again', () => {
    const pipeline = createPipeline(64, () => directory)
    const first = pipeline.ingest(message, stamp)
    if (first.kind !== 'accepted') throw new Error(first.kind)
    pipeline.forget(first)
    expect(pipeline.ingest(message, stamp).kind).toBe('accepted')
  })

  test('an entry of the journal is remembered', () => {
    const former = createPipeline(64, () => directory).ingest(message, stamp)
    if (former.kind !== 'accepted') throw new Error(former.kind)
    const pipeline = createPipeline(64, () => directory)
    pipeline.remember(former.entry)
    expect(pipeline.ingest(message, stamp).kind).toBe('duplicate')
  })

  test('a reloaded directory applies to the next message', () => {
    let known = directoryOf([])
    const pipeline = createPipeline(64, () => known)
    expect(pipeline.ingest(message, stamp)).toEqual({ kind: 'quarantined', reason: 'unknown-device' })
    known = directory
    expect(pipeline.ingest(message, stamp).kind).toBe('accepted')
  })
})

test('the topic cache answers as parseTopic, the second time too', () => {
  const cached = createTopicCache()
  const topics = ['community/garden/bin/bin-1/telemetry', 'community/garden/bin/bin-1/cmd', 'garden/bin', '']
  for (const topic of [...topics, ...topics]) expect(cached(topic)).toEqual(parseTopic(topic))
})
