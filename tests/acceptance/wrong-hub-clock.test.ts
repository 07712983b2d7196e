/** A hub whose clock was once ahead judges nothing until it has caught up: that must be told, never silent. */
import { expect, onTestFinished, test } from 'vitest'
import { type Clock, systemClock } from '../../model/clock.ts'
import { until } from '../support/until.ts'
import { prepare, startWholeHub, type WholeHub } from '../support/whole-hub.ts'

const DAY = 86_400_000
const start = Date.UTC(2026, 2, 1, 8)

const readiness = async (hub: WholeHub) => {
  const answer = await fetch(`${hub.console}/readyz`)
  return { status: answer.status, ...((await answer.json()) as { ready: boolean; reasons: string[] }) }
}
const ticksOf = async (hub: WholeHub): Promise<number> =>
  Number(
    /^linli_journal_last_seq (\d+)$/m.exec(await (await fetch(`${hub.console}/metrics`)).text())?.[1] ?? 0,
  )

test('the clock set back by two days: not ready, with the reason, also after a restart, until it has caught up', async () => {
  const place = await prepare()
  onTestFinished(place.remove)
  // The test says what time it is; ticks come as they do in real life.
  let now = start + 2 * DAY
  const clock: Clock = { now: () => now, every: systemClock.every }
  const first = await startWholeHub(place, { clock })
  onTestFinished(first.stop)
  await until('a tick in the journal', () => ticksOf(first))
  expect(await readiness(first)).toMatchObject({ status: 200, ready: true })

  now = start
  expect(await readiness(first)).toMatchObject({
    status: 503,
    reasons: [expect.stringMatching(/clock.* 2 days/)],
  })
  await first.stop()

  const second = await startWholeHub(place, { clock })
  onTestFinished(second.stop)
  expect(await readiness(second)).toMatchObject({ status: 503, reasons: [expect.stringMatching(/clock/)] })
  now = start + 2 * DAY + 3000
  expect(await readiness(second)).toMatchObject({ status: 200, reasons: [] })
})
