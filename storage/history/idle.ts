/** Waiting that can be cut short: by news (when waiting for news) and for good by the end. */

export interface Rest {
  /** Resolves after `ms`, or at once when the end has come. */
  pause(ms: number): Promise<void>
  /** Like `pause`, but also ends with the next `wake`, or at once with one that nobody waited for. */
  idle(ms: number): Promise<void>
  wake(): void
  end(): void
  ended(): boolean
}

export function createRest(): Rest {
  let ended = false
  let woken = false
  let release: (() => void) | undefined
  let wakeable = false

  function wait(ms: number): Promise<void> {
    if (ended) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        release = undefined
        resolve()
      }
      const timer = setTimeout(done, ms)
      release = done
    })
  }

  return {
    pause: wait,
    async idle(ms) {
      wakeable = true
      if (!woken) await wait(ms)
      wakeable = false
      woken = false
    },
    wake() {
      woken = true
      if (wakeable) release?.()
    },
    end() {
      ended = true
      release?.()
    },
    ended: () => ended,
  }
}
