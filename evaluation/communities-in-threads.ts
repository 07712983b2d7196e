/** Evaluates several communities in parallel, each in a worker thread. */
import { Worker } from 'node:worker_threads'
import { type CommunityOptions, evaluateCommunity, type Progress } from './community-run.ts'
import type { FromWorker } from './community-worker.ts'
import type { CommunityResult } from './results.ts'

export interface ScorecardOptions extends Omit<CommunityOptions, 'perRule'> {
  readonly communities: number
  /** Number of faults, and of decoys, per rule over all communities. */
  readonly perRule: number
  /** Terminates the threads. */
  readonly signal: AbortSignal
  readonly progress: (community: number, ...rest: Parameters<Progress>) => void
}

/** Results in the order of the communities. A single community runs in this thread. @throws LinliError RULES_INVALID */
export function evaluateCommunities({
  communities,
  signal,
  progress,
  ...rest
}: ScorecardOptions): Promise<CommunityResult[]> {
  const perRule = Math.ceil(rest.perRule / communities)
  const all = Array.from({ length: communities }, (_, index) => index + 1)
  return Promise.all(
    all.map((number) => {
      const options = { ...rest, perRule, seed: `${rest.seed}-${number}` }
      const report: Progress = (day, messages) => progress(number, day, messages)
      return communities === 1 ? evaluateCommunity(options, report) : inThread(options, report, signal)
    }),
  )
}

function inThread(
  options: CommunityOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<CommunityResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./community-worker.ts', import.meta.url), { workerData: options })
    const stop = (): void => void worker.terminate()
    signal.addEventListener('abort', stop, { once: true })
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'progress') progress(message.day, message.messages)
      else resolve(message.result)
    })
    worker.on('error', reject)
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', stop)
      reject(new Error(`worker thread ended without a result (exit code ${code})`))
    })
  })
}
