import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWindow, type Item } from './window.ts'

interface Sent extends Item {
  readonly index: number
}

/** A hub that acknowledges when the test decides. */
function hub() {
  const waiting: { readonly item: Sent; readonly answer: (fault?: Error) => void }[] = []
  const send = (item: Sent) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({ item, answer: (fault) => (fault ? reject(fault) : resolve()) })
    })
  return { waiting, send }
}
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

const logs = fc
  .array(fc.record({ device: fc.constantFrom('a', 'b', 'c'), gap: fc.nat(30) }), { maxLength: 25 })
  .map((steps) => {
    let receivedAt = 0
    return steps.map(({ device, gap }, index): Sent => {
      receivedAt += gap
      return { device, receivedAt, index }
    })
  })

test('never has more in flight than the limit, or two devices further apart than maxReorder', async () => {
  await fc.assert(
    fc.asyncProperty(
      logs,
      fc.constantFrom(0, 10, 1000),
      fc.infiniteStream(fc.nat(100)),
      async (log, together, picks) => {
        const { waiting, send } = hub()
        const answered: number[] = []
        const window = createWindow({ maxReorder: together, limit: 4 }, send)
        const run = (async () => {
          for (const item of log) await window.add(item)
          await window.drain()
        })()
        while (answered.length < log.length) {
          await settle()
          expect(waiting.length).toBeLessThanOrEqual(4)
          for (const { item: a } of waiting)
            for (const { item: b } of waiting) {
              if (a.device === b.device) continue
              expect(together).toBeGreaterThan(0)
              expect(Math.abs(a.receivedAt - b.receivedAt)).toBeLessThanOrEqual(together)
            }
          const pick = Number(picks.next().value) % waiting.length
          const one = waiting.splice(pick, 1)[0]
          one?.answer()
          if (one) answered.push(one.item.index)
        }
        await run
        if (together === 0) {
          const devices = answered.map((index) => log[index]?.device)
          expect(devices).toEqual(log.map(({ device }) => device))
        }
      },
    ),
    { numRuns: 100 },
  )
})

test('reports a failure while others are in flight, and leaves none unhandled', async () => {
  const { waiting, send } = hub()
  const window = createWindow<Sent>({ maxReorder: 0, limit: 4 }, send)
  const items = [0, 1, 2].map((index) => ({ device: 'a', receivedAt: index, index }))
  for (const item of items) await window.add(item)
  waiting[1]?.answer(new Error('no hub'))
  await settle()
  waiting[0]?.answer()
  await expect(window.drain()).rejects.toThrow('no hub')
})
