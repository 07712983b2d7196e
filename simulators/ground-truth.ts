/** The ground-truth file: the faults of a simulation, one JSON line each, to measure a hub against. */
import type { Plan, PlannedFault } from './plan.ts'

/** Times are ISO 8601 UTC. */
export interface GroundTruthLine {
  readonly fault: string
  readonly ref: string
  readonly device: string
  readonly devices: readonly string[]
  readonly from: string
  readonly to: string
  /** True when it only looks like a fault and no alert of `ref` may be raised. */
  readonly decoy: boolean
  readonly expectRaisedBy: string
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** One planned fault with ISO times. */
export function toGroundTruth(planned: PlannedFault): GroundTruthLine {
  return {
    fault: planned.fault,
    ref: planned.ref,
    device: planned.device,
    devices: planned.devices,
    from: iso(planned.from),
    to: iso(planned.to),
    decoy: planned.decoy,
    expectRaisedBy: iso(planned.expectRaisedBy),
  }
}

/** The whole file as text. */
export function formatGroundTruth(plan: Plan): string {
  return plan.map((planned) => `${JSON.stringify(toGroundTruth(planned))}\n`).join('')
}
