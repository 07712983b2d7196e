import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerQueue } from './answers.ts'

test('acknowledges in order, each once, up to the first failure, whatever settles first', () => {
  const outcome = fc.constantFrom('pass', 'pass', 'pass', 'fail')
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 20 }), fc.infiniteStream(fc.nat()), (outcomes, picks) => {
      const queue = answerQueue()
      const answered: (number | string)[] = []
      const turns = outcomes.map((_, n) => queue.enter((error) => answered.push(error ? String(error) : n)))
      const left = turns.map((turn, n) => ({ turn, n }))
      while (left.length > 0) {
        const [one] = left.splice((picks.next().value as number) % left.length, 1)
        if (!one) continue
        if (outcomes[one.n] === 'pass') one.turn.stored()
        else one.turn.failed('failed')
      }
      const failure = outcomes.indexOf('fail')
      const passed = outcomes.slice(0, failure < 0 ? undefined : failure).map((_, n) => n)
      expect(answered).toEqual(failure < 0 ? passed : [...passed, 'failed'])
      expect(queue.pending).toBe(0)
    }),
  )
})

test('answers nothing after the connection has closed', () => {
  const queue = answerQueue()
  const answered: string[] = []
  const before = queue.enter(() => answered.push('before'))
  queue.close()
  const after = queue.enter(() => answered.push('after'))
  before.stored()
  after.stored()
  expect(answered).toEqual([])
  expect(queue.pending).toBe(0)
})
