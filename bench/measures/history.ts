/** Readings per second into the history: under full load, and when it catches up alone. */
import { randomUUID } from 'node:crypto'
import { fleet } from '../fleet.ts'
import { makeTemplate, openHub } from '../hub-process.ts'
import { spawnLoad } from '../load.ts'
import { type InfluxSettings, type Measure, type MeasureContext, rounded } from '../measure.ts'
import { type HistoryFigure, historyBench } from '../micro/history.ts'

const CONNECTIONS = 100
const WINDOW = 32

interface UnderLoad {
  readonly perSecond: number
  /** Over the time from the first message until the last one is in the history. */
  readonly storedPerSecond: number
  readonly lagSeconds: number
}

async function underLoad(context: MeasureContext, influx?: InfluxSettings): Promise<UnderLoad> {
  const devices = fleet(CONNECTIONS)
  const template = await makeTemplate(devices)
  const settings = influx && { ...influx, prefix: `bench_${randomUUID().slice(0, 8)}_` }
  const hub = await openHub(template, settings ? { influx: settings } : {})
  try {
    const messages = context.quick ? 60_000 : 300_000
    const result = await spawnLoad({ port: hub.port, devices, window: WINDOW, messages })
    const ended = performance.now()
    await hub.historyCaughtUp()
    const lagSeconds = (performance.now() - ended) / 1000
    const storedPerSecond = result.acknowledged / (result.seconds + lagSeconds)
    return { perSecond: result.perSecond, storedPerSecond, lagSeconds }
  } finally {
    await hub.stop()
    hub.remove()
    template.remove()
  }
}

/** Minimum readings/s from a full journal through the history thread. */
const goals: Readonly<Record<string, number>> = { duckdb: 60_000, influxdb: 40_000 }

export const history: Measure = {
  name: 'history',
  title: 'readings into the history',
  async run(context) {
    const engines = [{ engine: 'duckdb', influx: undefined }]
    const { influx } = context
    const loaded: [string, UnderLoad][] = []
    for (const one of influx ? [...engines, { engine: 'influxdb', influx }] : engines) {
      loaded.push([one.engine, await underLoad(context, one.influx)])
      context.progress(`${one.engine} under load: ${Math.round(loaded.at(-1)?.[1].storedPerSecond ?? 0)}/s`)
    }
    const alone = await historyBench(context.quick ? 100_000 : 300_000, influx)
    const figureOf = (engine: string, path: HistoryFigure['path']): number =>
      alone.find((figure) => figure.engine === engine && figure.path === path)?.readingsPerSecond ??
      Number.NaN
    return {
      tables: [
        {
          title: 'History: readings stored a second',
          columns: [
            'engine',
            'journal to history, alone',
            'writes alone',
            'under full load',
            'messages/s of that load',
            'behind at its end, s',
          ],
          rows: loaded.map(([engine, figures]) => [
            engine,
            figureOf(engine, 'journal'),
            figureOf(engine, 'write'),
            rounded(figures.storedPerSecond),
            rounded(figures.perSecond),
            rounded(figures.lagSeconds),
          ]),
        },
      ],
      goals: loaded.map(([engine]) => ({
        name: `readings into ${engine}`,
        value: figureOf(engine, 'journal'),
        unit: '/s',
        bound: { atLeast: goals[engine] as number },
      })),
      skipped: influx ? [] : ['InfluxDB: LINLI_TEST_INFLUX_URL is not set'],
    }
  },
}
