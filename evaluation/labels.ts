/** Labels: on which devices, and when, a planned fault expects or explains an alert. */

import { type PlannedFault, resolveFault } from '../simulators/plan.ts'
import { sideEffectsOf } from '../simulators/side-effects.ts'
import type { DetectedAlert } from './results.ts'

/** Possible message delay and clock error (ms) of the devices of a fault while it lasts. */
export interface DeliveryError {
  readonly delays: number
  readonly skews: number
}

export interface LabelledPlan {
  readonly plan: readonly PlannedFault[]
  readonly deliveryErrorOf?: (planned: PlannedFault) => DeliveryError
  /** Whether a disturbance rightly causes an alert that no fault explains, e.g. a wrong clock. */
  readonly isCausedByDisturbance?: (alert: DetectedAlert) => boolean
}

/** A planned fault with the span (ms) in which an alert may be raised for it. */
export interface Label {
  readonly planned: PlannedFault
  readonly first: number
  readonly last: number
  /** Latest time at which people must see the alert. */
  readonly deadline: number
  /** Other rules that may raise alerts because of it, and until when. */
  readonly consequences: ReadonlyMap<string, number>
}

/** A condition may outlast its cause: a clearing time, or a value that counts until the next message. */
const AFTER_MS = 15 * 60_000
/** An alert starts at its first evidence, which a device may report shortly before the label. */
const BEFORE_MS = 60_000
const noDeliveryError: DeliveryError = { delays: 0, skews: 0 }

export function labelsOf({ plan, deliveryErrorOf = () => noDeliveryError }: LabelledPlan): readonly Label[] {
  return plan.map((planned) => {
    const { effect } = resolveFault(planned)
    const { delays, skews } = deliveryErrorOf(planned)
    const last = effect.to + AFTER_MS + skews + delays
    const followUps = planned.decoy ? [] : [...sideEffectsOf(planned)]
    return {
      planned,
      consequences: new Map(followUps.map(([ref, after]) => [ref, last + after])),
      first: effect.from - BEFORE_MS - skews,
      last,
      deadline: planned.expectRaisedBy + delays,
    }
  })
}

/** Finds the labels that share a device with an alert and whose span, including follow-up time, contains its start. */
export function labelFinder(labels: readonly Label[]): (alert: DetectedAlert) => readonly Label[] {
  const byDevice = new Map<string, Label[]>()
  for (const label of labels)
    for (const device of label.planned.devices) {
      const known = byDevice.get(device)
      if (known) known.push(label)
      else byDevice.set(device, [label])
    }
  return ({ devices, raisedAt }) => {
    const near = devices.flatMap((device) => byDevice.get(device) ?? [])
    return [...new Set(near)].filter(({ first, last, consequences }) => {
      const until = Math.max(last, ...consequences.values())
      return raisedAt >= first && raisedAt <= until
    })
  }
}
