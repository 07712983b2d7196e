/** The truth file: what was made to happen, one JSON line a fault, to measure a hub against. */
import type { Plan, PlannedFault } from './plan.ts'

/** Times are ISO 8601 UTC. */
export interface TruthLine {
  readonly fault: string
  readonly ref: string
  readonly device: string
  readonly devices: readonly string[]
  readonly from: string
  readonly to: string
  /** True when it only looks like a fault and nothing of `ref` may be raised. */
  readonly decoy: boolean
  readonly expectRaisedBy: string
}

const iso = (ms: number): string => new Date(ms).toISOString()

export function truthOf(planned: PlannedFault): TruthLine {
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

/** The whole file. */
export function formatTruth(plan: Plan): string {
  return plan.map((planned) => `${JSON.stringify(truthOf(planned))}\n`).join('')
}
