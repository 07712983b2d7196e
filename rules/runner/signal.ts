/** Sleeping until there is news. */

export interface Wake {
  readonly call: () => void
  wait(): Promise<void>
}

/** Sleeps until called; a call while awake is not forgotten. */
export function createWake(stopping: AbortSignal): Wake {
  let called = false
  let resume: (() => void) | undefined
  const call = (): void => {
    called = true
    resume?.()
  }
  stopping.addEventListener('abort', call)
  return {
    call,
    async wait() {
      if (!called) await new Promise<void>((resolve) => (resume = resolve))
      called = false
      resume = undefined
    },
  }
}
