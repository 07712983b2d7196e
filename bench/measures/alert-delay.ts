/** From the publish of an SOS event to the alert on a console, under background load. */
import { connectAsync, type MqttClient } from 'mqtt'
import { buildTopic } from '../../model/topics.ts'
import { type FleetDevice, fleet, sosDevices } from '../fleet.ts'
import { latencyHistogram } from '../histogram.ts'
import { type DataTemplate, type HubProcess, makeTemplate, openHub } from '../hub-process.ts'
import { spawnLoad } from '../load.ts'
import { FIRST_SEQ } from '../load-connection.ts'
import { type Measure, rounded } from '../measure.ts'
import { pause } from '../server-process.ts'

const RATES = [1000, 5000]
const DEVICES = 500
const WINDOW = 32
const EVERY_MS = 50
/** Time before the first call, until the load is stable, ms. */
const SETTLE_MS = 1000
const DEADLINE_MS = 10_000

interface Delays {
  readonly rate: number
  readonly calls: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export const alertDelay: Measure = {
  name: 'alert-delay',
  title: 'publish to console',
  async run({ quick, progress }) {
    const calls = sosDevices(quick ? 60 : 800)
    const devices = fleet(DEVICES)
    const template = await makeTemplate([...devices, ...calls])
    const found: Delays[] = []
    try {
      for (const rate of RATES) {
        found.push(await measure(template, { rate, devices, calls }))
        progress(`${rate} messages/s: p99 ${found.at(-1)?.p99.toFixed(0)} ms`)
      }
    } finally {
      template.remove()
    }
    return {
      tables: [
        {
          title: 'Publish of an SOS event to the alert on a console over socket.io',
          columns: ['background messages/s', 'events', 'p50 ms', 'p99 ms', 'max ms'],
          rows: found.map(({ rate, p50, p99, max, calls: count }) => [
            rate,
            count,
            rounded(p50),
            rounded(p99),
            rounded(max),
          ]),
        },
      ],
      goals: found
        .filter(({ rate }) => rate === Math.max(...RATES))
        .map(({ rate, p99 }) => ({
          name: `publish to console, p99 at ${rate} messages/s`,
          value: p99,
          unit: 'ms',
          bound: { atMost: 250 },
        })),
      skipped: [],
    }
  },
}

interface Scenario {
  readonly rate: number
  readonly devices: readonly FleetDevice[]
  readonly calls: readonly FleetDevice[]
}

async function measure(template: DataTemplate, scene: Scenario): Promise<Delays> {
  const hub = await openHub(template)
  const clients: MqttClient[] = []
  try {
    for (const { id, secret } of scene.calls) {
      clients.push(
        await connectAsync(hub.addresses.mqtt, {
          clientId: id,
          username: id,
          password: secret,
          keepalive: 600,
        }),
      )
    }
    const seconds = (SETTLE_MS * 2 + scene.calls.length * EVERY_MS) / 1000
    const load = spawnLoad({
      port: hub.port,
      devices: scene.devices,
      window: WINDOW,
      messages: scene.rate * seconds,
      rate: scene.rate,
    })
    await pause(SETTLE_MS)
    const delays = await sendCalls(hub, scene.calls, clients)
    await load
    return { rate: scene.rate, ...delays }
  } finally {
    for (const client of clients) client.end(true)
    await hub.stop()
    hub.remove()
  }
}

async function sendCalls(
  hub: HubProcess,
  devices: readonly FleetDevice[],
  clients: readonly MqttClient[],
): Promise<Omit<Delays, 'rate'>> {
  const histogram = latencyHistogram()
  const calledAt = new Map<string, number>()
  hub.console.socket.on('change', ({ entity, action, after }) => {
    if (entity !== 'alert' || action !== 'raised') return
    const at = calledAt.get(after.device)
    if (at === undefined) return
    histogram.record(performance.now() - at)
    calledAt.delete(after.device)
  })
  for (const [n, { id, site, type }] of devices.entries()) {
    const topic = buildTopic({ site, type, device: id, channel: 'event' })
    const payload = JSON.stringify({ ts: new Date().toISOString(), seq: FIRST_SEQ, type: 'sos' })
    calledAt.set(id, performance.now())
    clients[n]?.publish(topic, payload, { qos: 1 })
    await pause(EVERY_MS)
  }
  for (let waited = 0; calledAt.size > 0; waited += EVERY_MS) {
    if (waited > DEADLINE_MS) throw new Error(`${calledAt.size} alerts were not received`)
    await pause(EVERY_MS)
  }
  return {
    calls: devices.length,
    p50: histogram.quantile(0.5),
    p99: histogram.quantile(0.99),
    max: histogram.max(),
  }
}
