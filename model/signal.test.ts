import { describe, expect, test } from 'vitest'
import { createSignal } from './signal.ts'

/** Whether the promise has resolved once all that is ready has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  void promise.then(() => {
    settled = true
  })
  await new Promise(setImmediate)
  return settled
}

describe('signal', () => {
  test('a notification ends the wait', async () => {
    const signal = createSignal()
    const waiting = signal.wait()
    expect(await isSettled(waiting)).toBe(false)
    signal.notify()
    await waiting
  })

  test('a notification without a waiter ends the next wait, and only that one', async () => {
    const signal = createSignal()
    signal.notify()
    signal.notify()
    await signal.wait()
    expect(await isSettled(signal.wait())).toBe(false)
  })

  test('a notification does not end a pause, but the wait after it', async () => {
    const signal = createSignal()
    const pause = signal.pause(60_000)
    signal.notify()
    expect(await isSettled(pause)).toBe(false)
    signal.close()
    await pause
  })

  test('a wait ends with its timeout', async () => {
    await createSignal().wait(1)
  })

  test('close ends the present and every later wait', async () => {
    const signal = createSignal()
    const waiting = signal.wait()
    signal.close()
    await waiting
    await signal.wait()
    await signal.pause(60_000)
    expect(signal.isClosed()).toBe(true)
  })
})
