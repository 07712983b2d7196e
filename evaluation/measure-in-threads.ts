/** The communities of a scorecard, each in a thread of its own. */
import { Worker } from 'node:worker_threads'
import { type Part, type PartOptions, type Progress, runPart } from './measure-community.ts'
import type { FromWorker } from './worker.ts'

export interface PartsOptions extends Omit<PartOptions, 'perRule'> {
  readonly communities: number
  /** Over all communities. */
  readonly perRule: number
  /** The threads end with it. */
  readonly signal: AbortSignal
  readonly progress: (community: number, ...told: Parameters<Progress>) => void
}

/** In the order of the communities. A single one needs no thread. @throws LinliError RULES_INVALID */
export function runParts({ communities, signal, progress, ...rest }: PartsOptions): Promise<Part[]> {
  const perRule = Math.ceil(rest.perRule / communities)
  const all = Array.from({ length: communities }, (_, index) => index + 1)
  return Promise.all(
    all.map((number) => {
      const options = { ...rest, perRule, seed: `${rest.seed}-${number}` }
      const told: Progress = (day, messages) => progress(number, day, messages)
      return communities === 1 ? runPart(options, told) : inThread(options, told, signal)
    }),
  )
}

function inThread(options: PartOptions, progress: Progress, signal: AbortSignal): Promise<Part> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: options })
    const stop = (): void => void worker.terminate()
    signal.addEventListener('abort', stop, { once: true })
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'progress') progress(message.day, message.messages)
      else resolve(message.part)
    })
    worker.on('error', reject)
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', stop)
      reject(new Error(`a community ended without its figures (exit code ${code})`))
    })
  })
}
