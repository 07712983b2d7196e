import fc from 'fast-check'
import { generate } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { frameScanner } from './frames.ts'

const connect = generate({
  cmd: 'connect',
  clientId: 'door-1',
  clean: true,
  protocolVersion: 4,
  keepalive: 60,
  protocolId: 'MQTT',
})
const publish = (size: number) =>
  generate({
    cmd: 'publish',
    topic: 't',
    payload: Buffer.alloc(size),
    qos: 1,
    messageId: 1,
    dup: false,
    retain: false,
  })
const ping = generate({ cmd: 'pingreq' })

/** A scanner that has seen the CONNECT. */
function connected(max = 65_536) {
  const scanner = frameScanner(max)
  scanner.scan(connect, 0)
  return scanner
}

describe('frameScanner', () => {
  test('stops behind the CONNECT', () => {
    const chunk = Buffer.concat([connect, publish(3)])
    expect(frameScanner(1024).scan(chunk, 9)).toEqual({
      end: connect.length,
      publishes: 0,
      connect: true,
      problem: undefined,
    })
  })

  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n'), 'not-mqtt'],
    ['a TLS hello', Buffer.from([0x16, 3, 1]), 'not-mqtt'],
    ['a PUBLISH before the CONNECT', publish(1), 'not-mqtt'],
    ['a CONNECT of 60 KB', Buffer.from([0x10, 0xe0, 0xd4, 0x03]), 'packet-too-large'],
  ])('%s first is refused', (_, chunk, problem) => {
    expect(frameScanner(65_536).scan(chunk, 9).problem).toBe(problem)
  })

  test.each([
    ['256 MB announced', [0x30, 0xff, 0xff, 0xff, 0x7f], 'packet-too-large'],
    ['one byte over', [0x30, 0x81, 0x80, 0x04], 'packet-too-large'],
    ['a length of five bytes', [0x30, 0xff, 0xff, 0xff, 0xff, 0x01], 'malformed-length'],
    ['the largest allowed', [0x30, 0x80, 0x80, 0x04], undefined],
  ])('%s', (_, bytes, problem) => {
    expect(connected().scan(Buffer.from(bytes), 9).problem).toBe(problem)
  })

  test('stops before the publish beyond the credit, not before other frames', () => {
    const chunk = Buffer.concat([publish(1), ping, publish(200), ping, publish(1)])
    const scanner = connected()
    const scan = scanner.scan(chunk, 2)
    expect(scan).toMatchObject({ end: chunk.length - publish(1).length, publishes: 2 })
    expect(scanner.scan(chunk.subarray(scan.end), 0)).toMatchObject({ end: 0, publishes: 0 })
    expect(scanner.scan(chunk.subarray(scan.end), 1)).toMatchObject({ end: publish(1).length, publishes: 1 })
  })

  test('passes every byte and counts every publish once, for any chunks and credit', () => {
    const frame = fc.oneof(fc.constant(ping), fc.integer({ min: 0, max: 400 }).map(publish))
    fc.assert(
      fc.property(
        fc.array(frame),
        fc.array(fc.integer({ min: 1, max: 300 })),
        fc.integer({ min: 1, max: 3 }),
        (frames, cuts, credit) => {
          const stream = Buffer.concat(frames)
          const scanner = connected()
          let rest = stream
          let forwarded = 0
          let publishes = 0
          for (let n = 0; rest.length > 0; n++) {
            let chunk = rest.subarray(0, cuts[n % cuts.length] ?? rest.length)
            rest = rest.subarray(chunk.length)
            while (chunk.length > 0) {
              const scan = scanner.scan(chunk, credit)
              expect(scan.problem).toBeUndefined()
              expect(scan.publishes).toBeLessThanOrEqual(credit)
              forwarded += scan.end
              publishes += scan.publishes
              chunk = chunk.subarray(scan.end)
            }
          }
          expect(forwarded).toBe(stream.length)
          expect(publishes).toBe(frames.filter((bytes) => bytes !== ping).length)
        },
      ),
    )
  })
})
