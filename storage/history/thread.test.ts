import { expect, onTestFinished, test, vi } from 'vitest'
import { silentLogger } from '../../model/ports/logger.ts'
import { historyOptions } from './options.ts'
import { createHistoryThread, type WorkerMessage } from './thread.ts'

/** A thread that runs this code; `run` in it is the number of the launch, from 1. */
function threadOf(text: string) {
  const messages: WorkerMessage[] = []
  const ends: string[] = []
  const script = new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort, workerData } from 'node:worker_threads'
      const run = Atomics.add(new Int32Array(workerData.notifyFlag), 0, 1) + 1
      parentPort.on('message', (message) => { if (message.kind === 'stop') parentPort.close() })
      ${text}`)}`,
  )
  const options = { ...historyOptions.parse({}), path: '' }
  const thread = createHistoryThread(
    { options, journalPath: '', notifyFlag: new SharedArrayBuffer(4) },
    {
      logger: silentLogger,
      script,
      events: {
        onReady: () => {},
        onMessage: (message) => messages.push(message),
        onEnd: (reason) => ends.push(reason),
      },
    },
  )
  onTestFinished(() => thread.stop(1000))
  return { thread, messages, ends }
}

const status = `parentPort.postMessage({ kind: 'status', status: { cursor: run, behind: 0, state: 'ok', reason: '' } })`

test('a thread that dies is reported and restarted', async () => {
  const { thread, messages, ends } = threadOf(`
    parentPort.postMessage({ kind: 'ready' })
    if (run === 1) setTimeout(() => { throw new Error('broken') })
    else ${status}`)
  await thread.start()
  await vi.waitFor(() => expect(messages).toMatchObject([{ status: { cursor: 2 } }]), { timeout: 15_000 })
  expect(ends).toEqual([expect.stringContaining('broken')])
})

test('a thread that dies before it is ready fails the start and is not restarted', async () => {
  const { thread, ends } = threadOf(`throw new Error('broken at start')`)
  await expect(thread.start()).rejects.toMatchObject({ code: 'HISTORY_UNAVAILABLE' })
  await thread.stop(1000)
  expect(ends).toHaveLength(1)
})

test('a thread that does not stop in time is terminated', async () => {
  const { thread, ends } = threadOf(`
    parentPort.removeAllListeners('message')
    parentPort.on('message', () => {})
    parentPort.postMessage({ kind: 'ready' })`)
  await thread.start()
  await thread.stop(50)
  expect(ends).toHaveLength(1)
})
