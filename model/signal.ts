/** Wakes a waiting loop. A notification that arrives while the loop works is kept, so none is lost. */

export interface Signal {
  /** Ends the present `wait`, or else the next one at once. */
  notify(): void
  /** Resolves with the next `notify`, with `close`, or after `timeoutMs`. One waiter at a time. */
  wait(timeoutMs?: number): Promise<void>
  /** Resolves after `ms` or with `close`; a notification does not end it. */
  pause(ms: number): Promise<void>
  /** Ends the present and every later wait and pause at once. */
  close(): void
  isClosed(): boolean
}

export function createSignal(): Signal {
  let notified = false
  let closed = false
  let resume: (() => void) | undefined
  let endsWithNotify = false

  function sleep(ms: number | undefined): Promise<void> {
    if (closed) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        resume = undefined
        resolve()
      }
      const timer = ms === undefined ? undefined : setTimeout(done, ms)
      resume = done
    })
  }

  return {
    notify() {
      notified = true
      if (endsWithNotify) resume?.()
    },
    async wait(timeoutMs) {
      endsWithNotify = true
      if (!notified) await sleep(timeoutMs)
      endsWithNotify = false
      notified = false
    },
    pause: sleep,
    close() {
      closed = true
      resume?.()
    },
    isClosed: () => closed,
  }
}
