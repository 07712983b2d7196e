/** Time from process start until the hub is ready: with an empty data folder, and with one stopped under load. */
import { fleet } from '../fleet.ts'
import { hubFolder, makeTemplate, startHub } from '../hub-process.ts'
import { spawnLoad } from '../load.ts'
import { type Measure, median, rounded } from '../measure.ts'
import { firstLine } from '../server-process.ts'

const DEVICES = 1200
const WINDOW = 4

async function timedStart(config: string) {
  const begun = performance.now()
  const server = startHub(config)
  const { mqtt } = JSON.parse(await firstLine(server)) as { mqtt: string }
  const seconds = (performance.now() - begun) / 1000
  return { server, seconds, port: Number(new URL(mqtt).port) }
}

export const start: Measure = {
  name: 'start',
  title: 'start of the hub',
  async run({ quick }) {
    const devices = fleet(DEVICES)
    const template = await makeTemplate(devices)
    const { config, remove } = hubFolder(template)
    const empty: number[] = []
    const used: number[] = []
    try {
      const rounds = quick ? 2 : 5
      for (let round = 0; round < rounds; round++) {
        const fresh = hubFolder(template)
        const first = await timedStart(fresh.config)
        empty.push(first.seconds)
        await first.server.stop()
        fresh.remove()
      }
      const filled = await timedStart(config)
      await spawnLoad({ port: filled.port, devices, window: WINDOW, messages: quick ? 60_000 : 300_000 })
      await filled.server.stop()
      for (let round = 0; round < rounds; round++) {
        const again = await timedStart(config)
        used.push(again.seconds)
        await again.server.stop()
      }
    } finally {
      remove()
      template.remove()
    }
    return {
      tables: [
        {
          title: `Start until devices can connect (${DEVICES} devices)`,
          columns: ['data folder', 'seconds'],
          rows: [
            ['empty', rounded(median(empty))],
            [`with ${quick ? '60,000' : '300,000'} messages`, rounded(median(used))],
          ],
        },
      ],
      goals: [{ name: 'start, empty', value: median(empty), unit: 's', bound: { atMost: 2 } }],
      skipped: [],
    }
  },
}
