/** A full bin is dispatched and emptied: its own readings end the work order, and no alert is made of it. */
import { expect, onTestFinished, test } from 'vitest'
import type { Alert } from '../../model/alert.ts'
import type { AlertDetail } from '../../model/api.ts'
import type { WorkOrder } from '../../model/case.ts'
import { systemClock } from '../../model/clock.ts'
import { until } from '../support/until.ts'
import { call, connectDevice, prepare, signIn, startWholeHub } from '../support/whole-hub.ts'

const filled = (fillingLevel: number) => ({ ts: new Date(systemClock.now()).toISOString(), fillingLevel })

test('the emptied bin ends its work order by itself', async () => {
  const place = await prepare()
  onTestFinished(place.remove)
  const hub = await startWholeHub(place)
  onTestFinished(hub.stop)
  const duty = await signIn(hub, 'duty')
  const bin = await connectDevice(hub, place, 'bin-1')
  await bin.send('telemetry', filled(0.85))
  const alert = await until('the full bin', async () => (await call<Alert[]>(hub, duty, '/alerts'))[0])
  await call(hub, duty, `/alerts/${encodeURIComponent(alert.id)}/dispatch`, {
    crew: 'repair',
    instructions: '',
  })
  await bin.send('telemetry', filled(0.05))
  const done = await until('the end of the work', async () => {
    const [order] =
      (await call<AlertDetail>(hub, duty, `/alerts/${encodeURIComponent(alert.id)}`)).workOrders ?? []
    return order?.state === 'closed' ? order : undefined
  })
  expect(done satisfies WorkOrder).toMatchObject({
    doneBy: 'rules',
    doneNote: '已清运，满溢度 5 % · Emptied; now 5 % full',
  })
  expect((await call<Alert[]>(hub, duty, '/alerts')).map(({ rule }) => rule)).toEqual(['bin-full'])
  await bin.end()
})
