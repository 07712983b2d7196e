/** Time is an argument: rooms get a `Clock`; nothing else reads the system time. */

/** Cancels a schedule or subscription; a second call does nothing. */
export type Cancel = () => void

export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number
  /** Calls `work` about every `ms` milliseconds of this clock until cancelled. Never keeps the process alive. */
  every(ms: number, work: () => void): Cancel
}

/** The system clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  every(ms, work) {
    const timer = setInterval(work, ms)
    timer.unref()
    return () => clearInterval(timer)
  },
}

/** Returns the seconds since its creation. For metrics and yielding only: no decision may depend on it. */
export function stopwatch(): () => number {
  const start = performance.now()
  return () => (performance.now() - start) / 1000
}

/** A clock that moves only by `advance` and `set`; `every` fires inside `advance`, in due order. */
export interface ManualClock extends Clock {
  advance(ms: number): void
  set(now: number): void
}

export function manualClock(start: number): ManualClock {
  let now = start
  const repeats = new Set<{ due: number; ms: number; work: () => void }>()
  const nextDue = (limit: number) =>
    [...repeats].filter((repeat) => repeat.due <= limit).sort((a, b) => a.due - b.due)[0]
  const set = (target: number): void => {
    for (let next = nextDue(target); next; next = nextDue(target)) {
      now = Math.max(now, next.due)
      next.due += next.ms
      next.work()
    }
    now = target
  }
  return {
    now: () => now,
    set,
    advance: (ms) => set(now + ms),
    every(ms, work) {
      const repeat = { due: now + ms, ms, work }
      repeats.add(repeat)
      return () => repeats.delete(repeat)
    },
  }
}

/** A clock driven by the newest device time seen, so weeks of a recorded log replay in minutes. */
export interface ReplayClock extends Clock {
  /**
   * Moves forward to `ts`, never back. A jump of more than `maxJump` is accepted only when the next observations confirm
   * it: one device with a broken clock must not move the clock by a year, a gap in the log must.
   */
  observe(ts: number): void
}

const MAX_REPLAY_JUMP_MS = 60 * 24 * 3600_000
/** Consecutive observations that confirm a jump. */
const LEAP_WITNESSES = 3

export function replayClock(maxJump = MAX_REPLAY_JUMP_MS): ReplayClock {
  let now: number | undefined
  let leap = { to: 0, witnesses: 0 }
  return {
    now: () => now ?? 0,
    observe(ts) {
      if (now === undefined || (ts > now && ts - now <= maxJump)) now = ts
      if (ts - now <= maxJump) {
        leap = { to: 0, witnesses: 0 }
        return
      }
      const same = Math.abs(ts - leap.to) <= maxJump
      leap = { to: same ? Math.max(ts, leap.to) : ts, witnesses: same ? leap.witnesses + 1 : 1 }
      if (leap.witnesses >= LEAP_WITNESSES) now = leap.to
    },
    every: systemClock.every,
  }
}
