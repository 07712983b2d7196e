/** A timeline is what its conditions are about, too. A class, because there is one a device. */
import type { HomeFacts, Scope } from '../expression/scope.ts'
import type { Member } from './member.ts'
import { Ring } from './ring.ts'
import type { ScheduledTimer } from './run.ts'
import type { CellLayout, RuleInstance, Timeline } from './types.ts'
import { nothing } from './view.ts'

export interface Blank {
  readonly key: string
  readonly signature: string
  readonly id: string
  readonly home: HomeFacts | undefined
  readonly members: readonly Member[]
  /** Shared scope for looking at newest values. */
  readonly timerScope: Scope
}

/** `fittingFor`: the rules that watch it, which may ask for its members. The members get their place in it. */
export function createTimeline(blank: Blank, layoutFor: (timeline: Timeline) => CellLayout): Timeline {
  const timeline = new KeptTimeline(blank)
  timeline.setLayout(layoutFor(timeline))
  for (const member of blank.members) member.timeline = timeline
  return timeline
}

const noCells: CellLayout = { instances: [], hubInstances: [], cells: 0 }

/** Its ring is a part of it, not an object of its own: there are thousands, and every reading needs both. */
class KeptTimeline extends Ring implements Timeline {
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
