/** A signal that wakes one waiting loop. */
export interface Signal {
  /** Resolves the current `wait`, or the next one. */
  notify(): void
  /** Resolves after `notify`, also when `notify` came first. */
  wait(): Promise<void>
}

/** `stopping`: its abort notifies too, so that the loop can end. */
export function createSignal(stopping: AbortSignal): Signal {
  let isNotified = false
  let resume: (() => void) | undefined
  const notify = (): void => {
    isNotified = true
    resume?.()
  }
  stopping.addEventListener('abort', notify)
  return {
    notify,
    async wait() {
      if (!isNotified) await new Promise<void>((resolve) => (resume = resolve))
      isNotified = false
      resume = undefined
    },
  }
}
