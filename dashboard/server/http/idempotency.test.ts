import { describe, expect, test } from 'vitest'
import { manualClock } from '../../../model/clock.ts'
import { silentLogger } from '../../../model/ports/logger.ts'
import type { Records } from '../../../model/ports/records.ts'
import { memoryRecords } from '../../../tests/support/memory-records.ts'
import { createRunOnce } from './idempotency.ts'

const request = { key: 'k', login: 'ann', command: 'POST /x {}' }

function setUp(records: Pick<Records, 'idempotency'> = memoryRecords()) {
  let done = 0
  const make = () => createRunOnce({ records, clock: manualClock(5), logger: silentLogger })
  const work = async () => ({ done: ++done })
  return { runOnce: make(), make, work, count: () => done }
}

describe('idempotency key', () => {
  test('runs once and repeats the answer: in parallel, later, and after a restart', async () => {
    const { runOnce, make, work, count } = setUp()
    const answers = await Promise.all([runOnce(request, work), runOnce(request, work)])
    answers.push(await runOnce(request, work), await make()(request, work))
    expect(answers).toEqual(Array(4).fill('{"done":1}'))
    expect(count()).toBe(1)
  })

  test('users do not share keys', async () => {
    const { runOnce, work } = setUp()
    await runOnce(request, work)
    expect(await runOnce({ ...request, login: 'bob' }, work)).toBe('{"done":2}')
  })

  test('refuses a key that was used for another command, also in parallel', async () => {
    const { runOnce, work, count } = setUp()
    const other = { ...request, command: 'POST /y {}' }
    const [first, second] = await Promise.allSettled([runOnce(request, work), runOnce(other, work)])
    expect(first.status).toBe('fulfilled')
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'CONFLICT' } })
    await expect(runOnce(other, work)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(count()).toBe(1)
  })

  test('rejects all waiting repeats of a refused command, and runs it again later', async () => {
    const { runOnce, work } = setUp()
    const refuse = () => Promise.reject(new Error('no'))
    const both = await Promise.allSettled([runOnce(request, refuse), runOnce(request, work)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await runOnce(request, work)).toBe('{"done":1}')
  })

  test('answers a command that succeeded although its answer cannot be stored', async () => {
    const { idempotency } = memoryRecords()
    const put = () => Promise.reject(new Error('disk full'))
    const { runOnce, work } = setUp({ idempotency: { ...idempotency, put } })
    expect(await runOnce(request, work)).toBe('{"done":1}')
  })
})
