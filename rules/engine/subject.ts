/** What a condition sees of the devices of a timeline. A class, because there is one a device. */
import type { Subject } from '../conditions/condition.ts'
import type { HomeFacts, Scope } from '../expression/scope.ts'
import type { Member } from './member.ts'
import { nothing } from './view.ts'

export function createSubject(
  about: { readonly id: string; readonly home: HomeFacts | undefined },
  members: readonly Member[],
  peek: Scope,
): Subject {
  return new TimelineSubject(about, members, peek)
}

class TimelineSubject implements Subject {
  readonly id: string
  readonly home: HomeFacts | undefined
  readonly members: readonly Member[]
  readonly #peek: Scope

  constructor(
    { id, home }: { readonly id: string; readonly home: HomeFacts | undefined },
    members: readonly Member[],
    peek: Scope,
  ) {
    this.id = id
    this.home = home
    this.members = members
    this.#peek = peek
  }

  scope(index: number, now: number = Number.NaN): Scope {
    const { record, layout, view, location } = this.members[index] as Member
    const peek = this.#peek
    peek.type = layout.type
    peek.now = now
    peek.location = location
    peek.slots = view.slots
    peek.at = view.at
    peek.toldAt = view.ts
    peek.own = nothing
    peek.before = nothing
    peek.event = ''
    peek.meta = record.meta
    peek.home = this.home
    peek.oldest = 0
    return peek
  }
}
