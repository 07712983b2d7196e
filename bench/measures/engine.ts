/** Memory of the rules engine for an idle device, and its restart time after a crash. */
import { join } from 'node:path'
import type { EngineFigures } from '../engine-life.ts'
import { type Measure, median, rounded } from '../measure.ts'
import { firstLine, startProcess } from '../server-process.ts'

const script = join(import.meta.dirname, '../engine-life.ts')
const DEVICES = 10_000

async function measureOnce(devices: number): Promise<EngineFigures> {
  const child = startProcess(process.execPath, ['--expose-gc', script, String(devices)])
  try {
    return JSON.parse(await firstLine(child)) as EngineFigures
  } finally {
    await child.stop()
  }
}

export const engine: Measure = {
  name: 'engine',
  title: 'memory and restart of the rules engine',
  async run({ quick }) {
    const rounds: EngineFigures[] = []
    for (let round = 0; round < (quick ? 1 : 3); round++) rounds.push(await measureOnce(DEVICES))
    const of = (pick: (figures: EngineFigures) => number): number => median(rounds.map(pick))
    const perPair = of(({ bytes, pairs }) => bytes / pairs)
    const restart = of(({ restoreMs, replayMs }) => (restoreMs + replayMs) / 1000)
    return {
      tables: [
        {
          title: `Rules engine (${of(({ rules }) => rules)} shipped rules, ${DEVICES} idle devices of six types)`,
          columns: [
            'pairs of device and rule',
            'bytes a pair',
            'snapshot of all ms',
            'snapshot MB',
            'restore ms',
            'replay ms',
            'replayed readings',
            'applying new facts ms',
          ],
          rows: [
            [
              of(({ pairs }) => pairs),
              rounded(perPair),
              rounded(of(({ snapshotMs }) => snapshotMs)),
              rounded(of(({ snapshotBytes }) => snapshotBytes / 1e6)),
              rounded(of(({ restoreMs }) => restoreMs)),
              rounded(of(({ replayMs }) => replayMs)),
              of(({ replayed }) => replayed),
              rounded(of(({ applyFactsMs }) => applyFactsMs)),
            ],
          ],
        },
      ],
      goals: [
        {
          name: 'memory of an idle pair of device and rule',
          value: perPair,
          unit: 'B',
          bound: { atMost: 200 },
        },
        { name: `restart of ${DEVICES} devices`, value: restart, unit: 's', bound: { atMost: 3 } },
      ],
      skipped: [],
    }
  },
}
