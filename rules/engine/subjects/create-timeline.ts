/**
 * Timelines: the subject of conditions, with its members and the state of its rules. A class, because there is one per
 * device.
 */

import type { HomeFacts, Scope } from '../../expression/scope.ts'
import { nothing } from '../evaluate/view.ts'
import { EntryRing } from '../reorder/ring.ts'
import type { CellLayout, Member, Ring, RuleInstance, ScheduledTimer, Timeline } from '../types.ts'

export interface Blank {
  readonly key: string
  readonly signature: string
  readonly id: string
  readonly home: HomeFacts | undefined
  readonly members: readonly Member[]
  /** Shared scope over newest values, for timers. */
  readonly timerScope: Scope
}

/**
 * `layoutFor` returns the rules of the timeline and may read its members. Each member gets a reference to the
 * timeline.
 */
export function createTimeline(blank: Blank, layoutFor: (timeline: Timeline) => CellLayout): Timeline {
  const timeline = new KeptTimeline(blank)
  timeline.setLayout(layoutFor(timeline))
  for (const member of blank.members) member.timeline = timeline
  return timeline
}

const noCells: CellLayout = { instances: [], hubInstances: [], cells: 0 }

/** The ring is a base class to save one object per device: every reading needs both. */
class KeptTimeline extends EntryRing implements Timeline {
  readonly key: string
  readonly signature: string
  readonly id: string
  readonly home: HomeFacts | undefined
  readonly members: readonly Member[]
  readonly #timerScope: Scope
  #cellLayout = noCells
  cells: unknown[] = []
  timers: ScheduledTimer | null = null
  newestTs = -1
  watermark = -1
  nextDue = Number.NaN
  dirty = false

  constructor({ key, signature, id, home, members, timerScope }: Blank) {
    super()
    this.key = key
    this.signature = signature
    this.id = id
    this.home = home
    this.members = members
    this.#timerScope = timerScope
  }

  get ring(): Ring {
    return this
  }

  get instances(): readonly RuleInstance[] {
    return this.#cellLayout.instances
  }

  get hubInstances(): readonly RuleInstance[] {
    return this.#cellLayout.hubInstances
  }

  setLayout(cellLayout: CellLayout): void {
    this.#cellLayout = cellLayout
    this.cells = new Array<unknown>(cellLayout.cells).fill(undefined)
  }

  scope(index: number, now: number = Number.NaN): Scope {
    const { record, layout, view, location } = this.members[index] as Member
    const timerScope = this.#timerScope
    timerScope.type = layout.type
    timerScope.now = now
    timerScope.location = location
    timerScope.slots = view.slots
    timerScope.times = view.at
    timerScope.reportedAt = view.ts
    timerScope.reported = nothing
    timerScope.previous = nothing
    timerScope.event = ''
    timerScope.meta = record.meta
    timerScope.home = this.home
    timerScope.minTime = 0
    return timerScope
  }
}
