/** The main path: a reading from a socket becomes an alert in a console, a work order in a crew's hand, and is closed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AlertDetail, CaseDetail, DeviceHistory } from '../../model/api.ts'
import type { Case, WorkOrder } from '../../model/case.ts'
import { createFeedClient } from '../support/feed-client.ts'
import { until } from '../support/until.ts'
import {
  call,
  connectDevice,
  prepare,
  signIn,
  startWholeHub,
  type WholeHub,
  type Workplace,
} from '../support/whole-hub.ts'

describe('the main path', () => {
  let place: Workplace
  let hub: WholeHub

  beforeAll(async () => {
    place = await prepare()
    hub = await startWholeHub(place)
  })
  afterAll(async () => {
    await hub.stop()
    place.remove()
  })

  test('a burning bin is seen, acknowledged, sent to a crew, put out and closed', async () => {
    const duty = await signIn(hub, 'duty')
    const feed = createFeedClient({ url: hub.console, cookie: duty })
    const bin = await connectDevice(hub, place, 'bin-1')
    await bin.send('telemetry', { ts: new Date().toISOString(), seq: 1, fillingLevel: 0.4, temperature: 20 })
    await bin.send('telemetry', { ts: new Date().toISOString(), seq: 2, fillingLevel: 0.4, temperature: 81 })

    const alert = await until('the alert on the console', () =>
      [...feed.state().alerts.values()].find((one) => one.ref === 'B4'),
    )
    expect(alert).toMatchObject({
      device: 'bin-1',
      severity: 'critical',
      condition: 'active',
      attention: 'unacknowledged',
    })
    expect(alert.place.zh).toContain('1 号投放点')
    const path = `/alerts/${encodeURIComponent(alert.id)}`

    await call(hub, duty, `${path}/acknowledge`, {})
    const sent = await call<{ case: Case; workOrder: WorkOrder }>(hub, duty, `${path}/dispatch`, {
      crew: 'repair',
      instructions: '带灭火器',
    })

    const crew = await signIn(hub, 'crew1')
    const [order] = await call<WorkOrder[]>(hub, crew, '/work-orders')
    expect(order?.id).toBe(sent.workOrder.id)
    await call(hub, crew, `/work-orders/${sent.workOrder.id}/accept`, {})
    await call(hub, crew, `/work-orders/${sent.workOrder.id}/arrive`, {})
    await call(hub, crew, `/work-orders/${sent.workOrder.id}/done`, { note: '已扑灭' })

    await expect(call(hub, duty, `/cases/${sent.case.id}/close`, { note: 'ok' })).rejects.toThrow('409')
    await bin.send('telemetry', { ts: new Date().toISOString(), seq: 3, fillingLevel: 0.4, temperature: 22 })
    await until('the alert cleared', async () => {
      const { alert: now } = await call<AlertDetail>(hub, duty, path)
      return now.condition === 'cleared' || undefined
    })
    await call(hub, duty, `/cases/${sent.case.id}/close`, { note: '现场已清理' })

    const { timeline } = await call<CaseDetail>(hub, duty, `/cases/${sent.case.id}`)
    expect(timeline.filter((change) => change.entity === 'workOrder').map((change) => change.action)).toEqual(
      ['assigned', 'accepted', 'arrived', 'done', 'closed'],
    )
    await until('the case gone from the console', () =>
      feed.state().cases.has(sent.case.id) ? undefined : true,
    )

    const now = Date.now()
    const history = await until('the history', async () => {
      const answer = await call<DeviceHistory>(
        hub,
        duty,
        `/devices/bin-1/history?field=temperature&from=${now - 3_600_000}&to=${now + 1000}&points=5000`,
      )
      return answer.points.length >= 3 ? answer : undefined
    })
    expect(history.bands.map((band) => band.alertId)).toContain(alert.id)
    await bin.end()
    feed.socket.disconnect()
  })
})
