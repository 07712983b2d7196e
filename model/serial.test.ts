import { expect, test } from 'vitest'
import { createSerial } from './serial.ts'

test('runs work one after the other, in the order of the calls', async () => {
  const serial = createSerial()
  const log: string[] = []
  const first = Promise.withResolvers<void>()
  const one = serial(async () => {
    log.push('one starts')
    await first.promise
    log.push('one ends')
    return 1
  })
  const two = serial(async () => {
    log.push('two starts')
    return 2
  })
  await new Promise(setImmediate)
  expect(log).toEqual(['one starts'])
  first.resolve()
  expect(await Promise.all([one, two])).toEqual([1, 2])
  expect(log).toEqual(['one starts', 'one ends', 'two starts'])
})

test('a failure rejects its own call only', async () => {
  const serial = createSerial()
  const failed = serial(() => Promise.reject(new Error('disk')))
  const next = serial(async () => 'next')
  await expect(failed).rejects.toThrow('disk')
  expect(await next).toBe('next')
})
