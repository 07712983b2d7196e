/** The plan as labels: on which devices, and when, an alert is asked for or explained. */
import { consequencesOf } from '../simulators/consequences.ts'
import { effectiveSpan, type PlannedFault } from '../simulators/plan.ts'
import type { Told } from './measured.ts'

/** ms by which the messages of its devices came late, and by which their clocks were wrong, while it was on. */
export interface Trouble {
  readonly delays: number
  readonly skews: number
}

export interface Planned {
  readonly plan: readonly PlannedFault[]
  readonly troubleOf?: (planned: PlannedFault) => Trouble
  /** Whether an alert that no fault explains comes honestly from the way to the hub, as one about a clock. */
  readonly isBrought?: (told: Told) => boolean
}

/** A planned fault with the span (ms) in which an alert may be raised for it. */
export interface Label {
  readonly planned: PlannedFault
  readonly first: number
  readonly last: number
  /** When people must have seen it. */
  readonly wantedBy: number
  /** Other rules that may speak of it, until when. */
  readonly follow: ReadonlyMap<string, number>
}

/** What ends a condition may come after its cause: a clearing time, a value that is believed until the next message. */
const AFTER_MS = 15 * 60_000
/** An alert is stamped with the beginning of what it saw, which a device may have told a moment before the label. */
const BEFORE_MS = 60_000
const noTrouble: Trouble = { delays: 0, skews: 0 }

export function labelsOf({ plan, troubleOf = () => noTrouble }: Planned): readonly Label[] {
  return plan.map((planned) => {
    const { effect } = effectiveSpan(planned)
    const { delays, skews } = troubleOf(planned)
    const last = effect.to + AFTER_MS + skews + delays
    const follow = planned.decoy ? [] : [...consequencesOf(planned)]
    return {
      planned,
      follow: new Map(follow.map(([ref, after]) => [ref, last + after])),
      first: effect.from - BEFORE_MS - skews,
      last,
      wantedBy: planned.expectRaisedBy + delays,
    }
  })
}

/** Finds the labels that an alert may belong to: one of its devices, and the time it speaks of. A label outlasts its fault. */
export function labelFinder(labels: readonly Label[]): (told: Told) => readonly Label[] {
  const byDevice = new Map<string, Label[]>()
  for (const label of labels)
    for (const device of label.planned.devices) {
      const known = byDevice.get(device)
      if (known) known.push(label)
      else byDevice.set(device, [label])
    }
  return ({ devices, raisedAt }) => {
    const near = devices.flatMap((device) => byDevice.get(device) ?? [])
    return [...new Set(near)].filter(({ first, last, follow }) => {
      const until = Math.max(last, ...follow.values())
      return raisedAt >= first && raisedAt <= until
    })
  }
}
