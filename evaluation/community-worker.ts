/** Worker thread: evaluates one community and posts its result. */
import { parentPort, workerData } from 'node:worker_threads'
import { type CommunityOptions, evaluateCommunity } from './community-run.ts'
import type { CommunityResult } from './results.ts'

export type FromWorker =
  | { readonly kind: 'progress'; readonly day: number; readonly messages: number }
  | { readonly kind: 'done'; readonly result: CommunityResult }

const post = (message: FromWorker): void => parentPort?.postMessage(message)
const result = evaluateCommunity(workerData as CommunityOptions, (day, messages) =>
  post({ kind: 'progress', day, messages }),
)
post({ kind: 'done', result })
