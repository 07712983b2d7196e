import { expect, test } from 'vitest'
import type { History } from '../../model/ports/history.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { DAY_MS, MINUTE_MS } from '../../model/time.ts'
import { createUpkeep } from './upkeep.ts'

const retention = { rawDays: 1, hourlyDays: 2 }

function setUp(fails: () => boolean = () => false) {
  const done: string[] = []
  const act = (name: string) => async (): Promise<void> => {
    done.push(name)
    if (fails()) throw new Error('unavailable')
  }
  const history = { rollUp: act('roll-up'), prune: act('prune') } as unknown as History
  return { done, upkeep: createUpkeep(retention, { history, logger: silentLogger }) }
}

test('prunes at first and every day, rolls up every ten minutes', async () => {
  const { done, upkeep } = setUp()
  for (let now = 0; now <= DAY_MS; now += 5 * MINUTE_MS) await upkeep.tick(now)
  expect(done[0]).toBe('prune')
  expect(done.at(-1)).toBe('prune')
  expect(done.filter((name) => name === 'prune')).toHaveLength(2)
  expect(done.filter((name) => name === 'roll-up')).toHaveLength(143)
})

test('a failure is retried after two minutes', async () => {
  let isAvailable = false
  const { done, upkeep } = setUp(() => !isAvailable)
  await upkeep.tick(0)
  isAvailable = true
  await upkeep.tick(MINUTE_MS)
  expect(done).toEqual(['prune'])
  await upkeep.tick(2 * MINUTE_MS)
  await upkeep.tick(3 * MINUTE_MS)
  expect(done).toEqual(['prune', 'prune'])
})
