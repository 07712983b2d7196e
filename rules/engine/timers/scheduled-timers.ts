/** The current timer of each waiting rule of a timeline, as a linked list: few rules wait at a time. */
import type { Run } from '../run.ts'
import type { RuleInstance, ScheduledTimer, Timeline } from '../types.ts'

function timerOf({ timers }: Timeline, instance: RuleInstance): ScheduledTimer | undefined {
  for (let timer = timers; timer; timer = timer.next) if (timer.instance === instance) return timer
  return undefined
}

/** Hub clock, ms; Infinity = never. */
export function scheduledAt(timeline: Timeline, instance: RuleInstance): number {
  return timerOf(timeline, instance)?.due ?? Number.POSITIVE_INFINITY
}

/** Replaces a later timer of the rule; the old one stays on the heap and is ignored when it comes out. */
export function setTimer(
  run: Run,
  timeline: Timeline,
  { instance, due }: Pick<ScheduledTimer, 'instance' | 'due'>,
): void {
  const former = timerOf(timeline, instance)
  if (former) dropTimer(former)
  const timer: ScheduledTimer = { due, timeline, instance, next: timeline.timers }
  timeline.timers = timer
  run.timers.push(timer)
}

/** False when the timer was already replaced. */
export function dropTimer(timer: ScheduledTimer): boolean {
  const { timeline } = timer
  if (timeline.timers === timer) {
    timeline.timers = timer.next
    return true
  }
  for (let former = timeline.timers; former; former = former.next) {
    if (former.next !== timer) continue
    former.next = timer.next
    return true
  }
  return false
}
