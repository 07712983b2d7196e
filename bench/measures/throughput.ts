/** Messages per second and acknowledgement time: the hub with all features and its peers under the same generator. */

import { type FleetDevice, fleet } from '../fleet.ts'
import {
  checkJournal,
  type DataTemplate,
  type ExpectedMessages,
  makeTemplate,
  openHub,
} from '../hub-process.ts'
import { type LoadResult, spawnLoad } from '../load.ts'
import { FIRST_SEQ } from '../load-connection.ts'
import { type Measure, type MeasureContext, median, type Result, rounded } from '../measure.ts'
import { peers } from '../peers/table.ts'
import type { ServerProcess } from '../server-process.ts'

interface Shape {
  readonly window: number
  readonly connections: number
}

const shapes: readonly Shape[] = [
  { window: 32, connections: 100 },
  { window: 4, connections: 1000 },
  { window: 1, connections: 2000 },
]
const nameOf = ({ window, connections }: Shape): string => `window ${window} x ${connections}`
/** More messages than any device sends in one run. */
const SEQS_OF_A_RUN = 1_000_000

interface Sample extends LoadResult {
  readonly cpuPerThousand: number
}

interface Subject {
  readonly name: string
  /** Measures every shape once on a fresh server. */
  round(): Promise<{ readonly samples: readonly Sample[]; readonly peakMemory: number }>
}

export const throughput: Measure = {
  name: 'throughput',
  title: 'QoS 1, acknowledged messages',
  async run(context) {
    const devices = fleet(Math.max(...shapes.map(({ connections }) => connections)))
    const messages = context.quick ? 40_000 : 300_000
    const template = await makeTemplate(devices)
    try {
      return await compare(context, subjectsOf({ template, devices, messages }))
    } finally {
      template.remove()
    }
  },
}

interface Plan {
  readonly template: DataTemplate
  readonly devices: readonly FleetDevice[]
  readonly messages: number
}

function subjectsOf(plan: Plan): Subject[] {
  const present = peers.filter((peer) => peer.missing() === undefined)
  return [
    { name: 'hub', round: () => hubRound(plan) },
    ...present.map((peer) => ({
      name: peer.name,
      async round() {
        const server = await peer.start()
        try {
          return await measureShapes(plan, server)
        } finally {
          await server.stop()
        }
      },
    })),
  ]
}

async function hubRound(plan: Plan) {
  const hub = await openHub(plan.template)
  try {
    const measured = await measureShapes(plan, hub, hub.historyCaughtUp)
    await hub.stop()
    const check = checkJournal(hub.journalPath, measured.expected)
    if (check.missing + check.duplicates > 0) throw new Error(`messages were lost: ${JSON.stringify(check)}`)
    return measured
  } finally {
    await hub.stop()
    hub.remove()
  }
}

/** `whenIdle` waits until the server has finished the work of the last load. */
async function measureShapes(
  { devices, messages }: Plan,
  server: ServerProcess & { readonly port: number },
  whenIdle: () => Promise<void> = async () => {},
) {
  const samples: Sample[] = []
  const expected: ExpectedMessages[] = []
  let firstSeq = FIRST_SEQ
  async function load({ window, connections }: Shape, count: number): Promise<LoadResult> {
    const sending = devices.slice(0, connections)
    const result = await spawnLoad({ port: server.port, devices: sending, window, messages: count, firstSeq })
    if (result.lostConnections > 0) throw new Error(`${result.lostConnections} connections were lost`)
    for (const { id } of sending) expected.push({ device: id, firstSeq, share: result.share })
    firstSeq += SEQS_OF_A_RUN
    return result
  }
  // Warm-up: a hub that was just started spends the first seconds compiling.
  await load(shapes[0] as Shape, messages / 2)
  await whenIdle()
  for (const shape of shapes) {
    const before = server.cpuSeconds()
    const result = await load(shape, messages)
    // Remaining work for these messages is part of their cost.
    await whenIdle()
    const cpuPerThousand = ((server.cpuSeconds() - before) / result.acknowledged) * 1000
    samples.push({ ...result, cpuPerThousand })
  }
  return { samples, expected, peakMemory: server.memory().peak }
}

async function compare(context: MeasureContext, subjects: readonly Subject[]): Promise<Result> {
  const rounds = context.quick ? 1 : 3
  const found = new Map(subjects.map(({ name }) => [name, [] as Awaited<ReturnType<Subject['round']>>[]]))
  for (let round = 1; round <= rounds; round++) {
    for (const subject of subjects) {
      const result = await subject.round()
      found.get(subject.name)?.push(result)
      const rates = result.samples.map(({ perSecond }) => Math.round(perSecond)).join(', ')
      context.progress(`round ${round}: ${subject.name} ${rates} messages/s`)
    }
  }
  const rateOf = (name: string, shape: number): number =>
    median((found.get(name) ?? []).map(({ samples }) => samples[shape]?.perSecond ?? Number.NaN))
  const rows = shapes.flatMap((shape, index) =>
    subjects.map(({ name }) => {
      const all = found.get(name) ?? []
      const of = (pick: (sample: Sample) => number): number =>
        rounded(median(all.map(({ samples }) => pick(samples[index] as Sample))))
      return [
        nameOf(shape),
        name,
        of(({ perSecond }) => perSecond),
        of(({ p50 }) => p50),
        of(({ p99 }) => p99),
        of(({ cpuPerThousand }) => cpuPerThousand),
        rounded(median(all.map(({ peakMemory }) => peakMemory))),
        name === 'hub' ? '' : rounded(rateOf('hub', index) / rateOf(name, index)),
      ]
    }),
  )
  const columns = [
    'load',
    'server',
    'messages/s',
    'p50 ms',
    'p99 ms',
    'CPU s / 1,000',
    'peak RSS MiB',
    'hub / peer',
  ]
  const bounds: Readonly<Record<string, number>> = { 'bare Aedes': 0.5, mosquitto: 1 }
  return {
    tables: [
      {
        title: `Acknowledged messages, QoS 1 (medians of ${rounds}; none lost, none duplicated)`,
        columns,
        rows,
      },
    ],
    goals: subjects
      .filter(({ name }) => name in bounds)
      .map(({ name }) => ({
        name: `hub / ${name}, ${nameOf(shapes[0] as Shape)}`,
        value: rateOf('hub', 0) / rateOf(name, 0),
        unit: '',
        bound: { atLeast: bounds[name] as number },
      })),
    skipped: peers.flatMap((peer) => {
      const reason = peer.missing()
      return reason ? [`${peer.name}: ${reason}`] : []
    }),
  }
}
