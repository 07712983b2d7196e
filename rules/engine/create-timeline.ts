/** A timeline is what its conditions are about, too. A class, because there is one a device. */
import type { HomeFacts, Scope } from '../expression/scope.ts'
import type { Member } from './member.ts'
import { Ring } from './ring.ts'
import type { TimerItem } from './run.ts'
import type { Fitting, Instance, Timeline } from './types.ts'
import { nothing } from './view.ts'

export interface Blank {
  readonly key: string
  readonly signature: string
  readonly id: string
  readonly home: HomeFacts | undefined
  readonly members: readonly Member[]
  /** Shared scope for looking at newest values. */
  readonly peek: Scope
}

/** `fittingFor`: the rules that watch it, which may ask for its members. The members get their place in it. */
export function createTimeline(blank: Blank, fittingFor: (timeline: Timeline) => Fitting): Timeline {
  const timeline = new KeptTimeline(blank)
  timeline.take(fittingFor(timeline))
  for (const member of blank.members) member.timeline = timeline
  return timeline
}

const nothingFits: Fitting = { instances: [], hubInstances: [], cells: 0 }

/** Its ring is a part of it, not an object of its own: there are thousands, and every reading needs both. */
class KeptTimeline extends Ring implements Timeline {
  readonly key: string
  readonly signature: string
  readonly id: string
  readonly home: HomeFacts | undefined
  readonly members: readonly Member[]
  readonly #peek: Scope
  #fitting = nothingFits
  cells: unknown[] = []
  timers: TimerItem | null = null
  newest = -1
  horizon = -1
  nextDue = Number.NaN
  dirty = false

  constructor({ key, signature, id, home, members, peek }: Blank) {
    super()
    this.key = key
    this.signature = signature
    this.id = id
    this.home = home
    this.members = members
    this.#peek = peek
  }

  get ring(): Ring {
    return this
  }

  get instances(): readonly Instance[] {
    return this.#fitting.instances
  }

  get hubInstances(): readonly Instance[] {
    return this.#fitting.hubInstances
  }

  take(fitting: Fitting): void {
    this.#fitting = fitting
    this.cells = new Array<unknown>(fitting.cells).fill(undefined)
  }

  scope(index: number, now: number = Number.NaN): Scope {
    const { record, layout, view, location } = this.members[index] as Member
    const peek = this.#peek
    peek.type = layout.type
    peek.now = now
    peek.location = location
    peek.slots = view.slots
    peek.times = view.at
    peek.reportedAt = view.ts
    peek.reported = nothing
    peek.previous = nothing
    peek.event = ''
    peek.meta = record.meta
    peek.home = this.home
    peek.minTime = 0
    return peek
  }
}
