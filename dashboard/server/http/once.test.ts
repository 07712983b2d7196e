import { describe, expect, test } from 'vitest'
import { manualClock } from '../../../model/clock.ts'
import { silentLogger } from '../../../model/ports/logger.ts'
import type { Records } from '../../../model/ports/records.ts'
import { memoryRecords } from '../../../tests/support/memory-records.ts'
import { createOnce } from './once.ts'

const request = { key: 'k', login: 'ann', asked: 'POST /x {}' }

function setUp(records: Pick<Records, 'idempotency'> = memoryRecords()) {
  let done = 0
  const make = () => createOnce({ records, clock: manualClock(5), logger: silentLogger })
  const work = async () => ({ done: ++done })
  return { once: make(), make, work, count: () => done }
}

describe('once', () => {
  test('repeated at once, later, and after a restart: one piece of work, one answer', async () => {
    const { once, make, work, count } = setUp()
    const answers = await Promise.all([once(request, work), once(request, work)])
    answers.push(await once(request, work), await make()(request, work))
    expect(answers).toEqual(Array(4).fill('{"done":1}'))
    expect(count()).toBe(1)
  })

  test('people do not share keys', async () => {
    const { once, work } = setUp()
    await once(request, work)
    expect(await once({ ...request, login: 'bob' }, work)).toBe('{"done":2}')
  })

  test('a key is not for something else, also not at the same moment', async () => {
    const { once, work, count } = setUp()
    const other = { ...request, asked: 'POST /y {}' }
    const [first, second] = await Promise.allSettled([once(request, work), once(other, work)])
    expect(first.status).toBe('fulfilled')
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'CONFLICT' } })
    await expect(once(other, work)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(count()).toBe(1)
  })

  test('a refusal is told to all who wait, and not kept', async () => {
    const { once, work } = setUp()
    const refuse = () => Promise.reject(new Error('no'))
    const both = await Promise.allSettled([once(request, refuse), once(request, work)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await once(request, work)).toBe('{"done":1}')
  })

  test('a done command stays done when its answer cannot be kept', async () => {
    const { idempotency } = memoryRecords()
    const put = () => Promise.reject(new Error('disk full'))
    const { once, work } = setUp({ idempotency: { ...idempotency, put } })
    expect(await once(request, work)).toBe('{"done":1}')
  })
})
