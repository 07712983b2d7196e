import { generate, type IPublishPacket } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { frameAt, plainPublish, pubacks } from './plain-publish.ts'
import { createSession } from './session.ts'

const session = createSession('bin-1', { site: 'garden', type: 'bin' })
const own = 'community/garden/bin/bin-1/telemetry'
const status = 'community/garden/bin/bin-1/status'

function read(packet: Partial<IPublishPacket>, lead = 0) {
  const bytes = generate({
    cmd: 'publish',
    topic: own,
    payload: '{"seq":1}',
    qos: 1,
    messageId: 7,
    dup: false,
    retain: false,
    ...packet,
  } as IPublishPacket)
  const chunk = Buffer.concat([Buffer.alloc(lead, 0xff), bytes])
  const frame = frameAt(chunk, lead)
  expect(frame?.end).toBe(chunk.length)
  return frame && plainPublish(chunk, frame, session)
}

describe('plainPublish', () => {
  test('reads topic, payload, id and flags at any offset', () => {
    const expected = { device: 'bin-1', topic: own, qos: 1, messageId: 7, retain: false }
    for (const lead of [0, 1, 300]) {
      const message = read({}, lead)
      expect(message).toMatchObject(expected)
      expect(message?.payload.toString()).toBe('{"seq":1}')
    }
    expect(read({ dup: true })).toMatchObject(expected)
    expect(read({ qos: 0, messageId: undefined })).toMatchObject({ qos: 0, messageId: 0 })
    expect(read({ topic: status, retain: true })).toMatchObject({ topic: status, retain: true })
    expect(read({ payload: '' })?.payload).toHaveLength(0)
    expect(read({ payload: 'x'.repeat(20_000) })?.payload).toHaveLength(20_000)
  })

  test.each<[string, Partial<IPublishPacket>]>([
    ['QoS 2', { qos: 2 }],
    ['a foreign topic', { topic: 'community/garden/bin/bin-2/telemetry' }],
    ['its command topic', { topic: 'community/garden/bin/bin-1/cmd' }],
    ['a retained reading', { retain: true }],
    ['a topic with a byte beyond ASCII', { topic: `${own}\u00e9` }],
  ])('leaves %s to Aedes', (_, packet) => {
    expect(read(packet)).toBeUndefined()
  })

  test.each<[string, number[]]>([
    ['a topic longer than the frame', [0x32, 4, 0, 200, 0x61, 0]],
    ['a frame without a topic length', [0x32, 1, 0]],
    ['no room for the id', [0x32, own.length + 3, 0, own.length, ...Buffer.from(own), 0]],
    ['the id 0', [0x32, own.length + 4, 0, own.length, ...Buffer.from(own), 0, 0]],
    ['QoS 3', [0x36, own.length + 4, 0, own.length, ...Buffer.from(own), 0, 1]],
  ])('leaves %s to Aedes', (_, bytes) => {
    const chunk = Buffer.from(bytes)
    const frame = frameAt(chunk, 0)
    expect(frame && plainPublish(chunk, frame, session)).toBeUndefined()
  })
})

test('frameAt reads lengths of one to four bytes, not truncated or longer ones', () => {
  expect(frameAt(Uint8Array.of(0x30, 0), 0)).toEqual({ start: 0, body: 2, end: 2 })
  expect(frameAt(Uint8Array.of(0x30, 0x7f), 0)).toEqual({ start: 0, body: 2, end: 129 })
  expect(frameAt(Uint8Array.of(0, 0x30, 0x80, 0x01), 1)).toEqual({ start: 1, body: 4, end: 132 })
  expect(frameAt(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f), 0)?.end).toBe(5 + 268_435_455)
  expect(frameAt(Uint8Array.of(0x30, 0xff, 0xff), 0)).toBeUndefined()
  expect(frameAt(Uint8Array.of(0x30), 0)).toBeUndefined()
  expect(frameAt(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0xff, 0x01), 0)).toBeUndefined()
})

test('pubacks encodes one packet for each id, high byte first', () => {
  expect([...pubacks([1, 0x1234, 0xffff])]).toEqual([0x40, 2, 0, 1, 0x40, 2, 0x12, 0x34, 0x40, 2, 0xff, 0xff])
  expect(pubacks([])).toHaveLength(0)
})
