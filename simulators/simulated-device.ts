/** One simulated device: its behaviour, altered by the faults that are active. */
import type { FieldValues } from '../model/device-type.ts'
import type { BehaviourOverride, StepContext } from './devices/behaviour.ts'
import { behaviours } from './devices/table.ts'
import type { Fault, Span } from './faults/fault.ts'
import type { LocalTime } from './local-time.ts'
import { createRandom } from './random.ts'
import type { Subject } from './subject.ts'

/** A fault planned for this device; `effect` includes lead-in and lead-out. */
export interface ScheduledFault {
  readonly fault: Fault
  readonly span: Span
  readonly effect: Span
}

export interface SimulatedDevice {
  readonly subject: Subject
  /** Advances the behaviour to `now`; returns what it publishes and when its next step is due. */
  step(now: number): { telemetry: FieldValues | null; events: readonly string[]; nextAt: number }
  /** Its telemetry as of now, whether a reading is due or not. */
  telemetry(now: number): FieldValues
  /** True when a fault loses the message with this number on its way. */
  isLost(now: number, seq: number): boolean
}

/** Undefined for a device type without a behaviour. */
export function createSimulatedDevice(
  subject: Subject,
  seed: string,
  options: {
    readonly localTime: (now: number) => LocalTime
    readonly faults: readonly ScheduledFault[]
  },
): SimulatedDevice | undefined {
  const factory = behaviours.get(subject.type)
  if (!factory) return undefined
  const behaviour = factory(subject)
  const random = createRandom(`${seed}/${subject.id}`)
  const faultsAt = activeFaults(options.faults)
  const contextAt = (now: number): StepContext => ({
    now,
    local: options.localTime(now),
    random,
    overrides: faultsAt(now).overrides,
  })
  const telemetryOf = (context: StepContext): FieldValues =>
    faultsAt(context.now).faults.reduce<FieldValues>(
      (values, { fault, span }) =>
        fault.alterTelemetry?.(values, { elapsed: context.now - span.from, span, subject }) ?? values,
      behaviour.values(context),
    )
  return {
    subject,
    step(now) {
      const context = contextAt(now)
      const { reports, events, nextAt } = behaviour.step(context)
      return { telemetry: reports ? telemetryOf(context) : null, events, nextAt }
    },
    telemetry: (now) => telemetryOf(contextAt(now)),
    isLost: (now, seq) => faultsAt(now).faults.some(({ fault }) => fault.isLost?.(seq) ?? false),
  }
}

interface ActiveFaults {
  readonly faults: readonly ScheduledFault[]
  readonly overrides: ReadonlySet<BehaviourOverride>
}

const noFaults: ActiveFaults = { faults: [], overrides: new Set() }

/** The faults that are active at a time. The result is cached until the next edge, because time only grows. */
function activeFaults(all: readonly ScheduledFault[]): (now: number) => ActiveFaults {
  if (all.length === 0) return () => noFaults
  const edges = all.flatMap(({ effect }) => [effect.from, effect.to])
  let known: ActiveFaults = noFaults
  let since = Number.POSITIVE_INFINITY
  let until = Number.NEGATIVE_INFINITY
  return (now) => {
    if (now >= since && now < until) return known
    const faults = all.filter(({ effect }) => now >= effect.from && now < effect.to)
    known = { faults, overrides: new Set(faults.flatMap(({ fault }) => fault.override ?? [])) }
    since = Math.max(Number.NEGATIVE_INFINITY, ...edges.filter((edge) => edge <= now))
    until = Math.min(Number.POSITIVE_INFINITY, ...edges.filter((edge) => edge > now))
    return known
  }
}
