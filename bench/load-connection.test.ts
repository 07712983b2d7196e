import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ackReader } from './load-connection.ts'

const puback = (id: number): number[] => [0x40, 2, id >> 8, id & 255]

test('finds every PUBACK however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 65_535 })), fc.array(fc.nat(7)), (ids, cuts) => {
      const stream = Buffer.from(ids.flatMap(puback))
      const found: number[] = []
      const read = ackReader((id) => found.push(id))
      let at = 0
      for (const length of cuts) {
        read(stream.subarray(at, at + length))
        at += length
      }
      read(stream.subarray(at))
      expect(found).toEqual(ids)
    }),
  )
})

test('rejects any other packet', () => {
  expect(() => ackReader(() => {})(Buffer.from([0x30, 2, 0, 1]))).toThrow('not a PUBACK')
})
