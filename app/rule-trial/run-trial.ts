/** Runs each trial in its own thread; the hub's thread only forwards history queries. */
import { Worker } from 'node:worker_threads'
import type { Directory } from '../../model/ports/directory.ts'
import type { History } from '../../model/ports/history.ts'
import { readRule } from '../../rules/compile/compile-rules.ts'
import type { RunTrial, TrialJob } from '../../rules/editor/trials.ts'
import type { FromTrial, ToTrial, TrialData, TrialLimits } from './protocol.ts'
import { placesOf } from './trial-places.ts'

export interface TrialRunnerDeps extends Partial<TrialLimits> {
  readonly directory: () => Directory
  readonly history: Pick<History, 'query'>
  readonly journalPath: string
}

/** About half a minute of evaluation on one core; for a large community fewer days than requested. */
const defaults: TrialLimits = { maxEntries: 20_000_000, maxSeconds: 120 }
/** Bounds a rule whose state grows without end. */
const MEMORY_MB = 1024

export function createTrialRunner({ directory, history, journalPath, ...limits }: TrialRunnerDeps): RunTrial {
  return (job, events) => {
    const workerData: TrialData = {
      ...defaults,
      ...limits,
      job,
      journalPath,
      places: placesOf(directory(), typesOf(job)),
    }
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData,
      name: 'rule trial',
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    })
    worker.on('message', (message: FromTrial) => {
      switch (message.kind) {
        case 'progress':
          events.progress(message.share)
          break
        case 'ask':
          void answer(message)
          break
        case 'done':
          events.done(message.result)
          break
        case 'failed':
          events.failed(message.message)
      }
    })
    worker.on('error', (error) => events.failed(String(error)))
    worker.on('exit', () => events.failed('the trial ended without a result'))

    async function answer({ id, query }: Extract<FromTrial, { kind: 'ask' }>): Promise<void> {
      const points = await history.query(query).catch(() => null)
      worker.postMessage({ id, points } satisfies ToTrial)
    }
    return () => void worker.terminate()
  }
}

/** Device types of both versions. */
function typesOf({ proposed, current }: TrialJob): string[] {
  return [proposed, ...(current === undefined ? [] : [current])].flatMap((text) => {
    const read = readRule({ source: 'rule', text })
    if ('problems' in read) return []
    const { types } = read.file.applies
    return types === '*' ? ['*'] : types
  })
}
