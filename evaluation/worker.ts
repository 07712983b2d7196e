/** The thread of one community of the scorecard. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Part, type PartOptions, runPart } from './measure-community.ts'

export type FromWorker =
  | { readonly kind: 'progress'; readonly day: number; readonly messages: number }
  | { readonly kind: 'done'; readonly part: Part }

const tell = (message: FromWorker): void => parentPort?.postMessage(message)
const part = runPart(workerData as PartOptions, (day, messages) => tell({ kind: 'progress', day, messages }))
tell({ kind: 'done', part })
