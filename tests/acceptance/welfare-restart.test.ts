/** Promise 3: a timer of days survives restarts, fires once, and says when it comes late. Promise 5: a dead sensor is no alarm. */
import { expect, onTestFinished, test } from 'vitest'
import type { Alert } from '../../model/alert.ts'
import { type Clock, manualClock } from '../../model/clock.ts'
import { until } from '../support/until.ts'
import { call, connectDevice, prepare, signIn, startWholeHub } from '../support/whole-hub.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const start = Date.UTC(2026, 2, 1, 8)

/** Two days of ticks every second would only take long: here the hub's heart beats every half minute. */
const BEAT = 30 * SECOND

/** A hub on a clock of the test's own, and what happens to it in order. */
async function timeline() {
  const place = await prepare()
  const time = manualClock(start)
  const clock: Clock = { now: time.now, every: (ms, work) => time.every(Math.max(ms, BEAT), work) }
  let hub = await startWholeHub(place, { clock })
  let seq = 0
  onTestFinished(async () => {
    await hub.stop()
    place.remove()
  })
  /** Every tick is in the journal and judged. */
  const settled = () =>
    until('everything judged', async () => {
      const metrics = await (await fetch(`${hub.console}/metrics`)).text()
      return /^linli_rules_behind 0$/m.test(metrics)
    })
  async function door(...contacts: readonly boolean[]) {
    const sensor = await connectDevice(hub, place, 'door-201')
    for (const contact of contacts) {
      seq += 1
      const ts = new Date(time.now()).toISOString()
      await sensor.send('telemetry', { ts, seq, contact, batteryLevel: 0.9 })
    }
    await sensor.end()
    await settled()
  }
  return {
    /** Moves to `hours` after the start with the hub running. */
    async at(hours: number) {
      const target = start + hours * HOUR
      while (time.now() < target) {
        time.set(Math.min(target, time.now() + 20 * MINUTE))
        await settled()
      }
    },
    openAndClose: () => door(false, true),
    /** A door sensor reports once a day that it is there. */
    lifeSign: () => door(true),
    /** The hub ends, `away` passes without it, it is there again. */
    async restart(away: number) {
      await hub.stop()
      time.set(time.now() + away)
      hub = await startWholeHub(place, { clock })
      await settled()
    },
    async alerts(ref: string): Promise<Alert[]> {
      const cookie = await signIn(hub, 'duty')
      const alerts = await call<Alert[]>(hub, cookie, '/alerts?state=all')
      return alerts.filter((alert) => alert.ref === ref && alert.device === 'door-201')
    },
  }
}

test('a restart at 47 h 59 min of a silence of 48 h still raises H1 at 48 h, once', async () => {
  const hub = await timeline()
  await hub.openAndClose()
  await hub.at(24)
  await hub.lifeSign()
  await hub.at(47 + 59 / 60)
  await hub.lifeSign()
  expect(await hub.alerts('H1')).toEqual([])

  await hub.restart(10 * SECOND)
  expect(await hub.alerts('H1')).toEqual([])
  await hub.at(48 + 1 / 60)
  const [alert, ...more] = await hub.alerts('H1')
  expect(more).toEqual([])
  expect(alert).toMatchObject({
    kind: 'welfare',
    condition: 'active',
    raisedAt: start + 48 * HOUR,
    lateBy: 0,
  })

  await hub.restart(10 * SECOND)
  await hub.at(48.5)
  expect(await hub.alerts('H1')).toEqual([alert])
})

test('a hub that was down at the time raises it after the grace, once, and says how late', async () => {
  const hub = await timeline()
  await hub.openAndClose()
  await hub.at(24)
  await hub.lifeSign()
  await hub.at(47.5)
  await hub.restart(40 * MINUTE)
  await hub.at(48.5)
  const [alert, ...more] = await hub.alerts('H1')
  expect(more).toEqual([])
  expect(alert).toMatchObject({ condition: 'active', raisedAt: start + 48 * HOUR })
  expect(alert?.lateBy).toBeGreaterThanOrEqual(10 * MINUTE)
  expect(alert?.lateBy).toBeLessThan(30 * MINUTE)
})

test('an opening just before ends the silence', async () => {
  const hub = await timeline()
  await hub.openAndClose()
  await hub.at(24)
  await hub.lifeSign()
  await hub.at(47.9)
  await hub.openAndClose()
  await hub.at(49)
  expect(await hub.alerts('H1')).toEqual([])
})

test('a sensor that is silent altogether is a device alert at 25 h, and never a welfare alarm', async () => {
  const hub = await timeline()
  await hub.openAndClose()
  await hub.at(24.9)
  expect(await hub.alerts('D1')).toEqual([])
  await hub.at(50)
  expect(await hub.alerts('D1')).toHaveLength(1)
  expect(await hub.alerts('D1')).toMatchObject([{ kind: 'device', raisedAt: start + 25 * HOUR }])
  expect(await hub.alerts('H1')).toEqual([])
})
