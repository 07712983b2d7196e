import { expect, test } from 'vitest'
import type { History } from '../../model/ports/history.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { createUpkeep } from './upkeep.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const retention = { rawDays: 1, hourlyDays: 2 }

function setUp(fails: () => boolean = () => false) {
  const done: string[] = []
  const act = (name: string) => async (): Promise<void> => {
    done.push(name)
    if (fails()) throw new Error('away')
  }
  const history = { rollUp: act('roll-up'), prune: act('prune') } as unknown as History
  return { done, upkeep: createUpkeep(retention, { history, logger: silentLogger }) }
}

test('prunes (and so rolls up) at first, rolls up every ten minutes, prunes every day', async () => {
  const { done, upkeep } = setUp()
  for (let now = 0; now <= DAY; now += 5 * MINUTE) await upkeep.tick(now)
  expect(done[0]).toBe('prune')
  expect(done.at(-1)).toBe('prune')
  expect(done.filter((name) => name === 'prune')).toHaveLength(2)
  expect(done.filter((name) => name === 'roll-up')).toHaveLength(143)
})

test('a failure is tried again a little later', async () => {
  let away = true
  const { done, upkeep } = setUp(() => away)
  await upkeep.tick(0)
  away = false
  await upkeep.tick(MINUTE)
  expect(done).toEqual(['prune'])
  await upkeep.tick(2 * MINUTE)
  await upkeep.tick(3 * MINUTE)
  expect(done).toEqual(['prune', 'prune'])
})
