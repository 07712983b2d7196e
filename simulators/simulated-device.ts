/** One simulated device: its behaviour, bent by the faults that are on it at the moment. */
import type { FieldValues } from '../model/device-type.ts'
import type { Circumstance, Moment } from './devices/behaviour.ts'
import { behaviours } from './devices/table.ts'
import type { Fault, Span } from './faults/fault.ts'
import type { LocalTime } from './local-time.ts'
import { createRandom } from './random.ts'
import type { Subject } from './subject.ts'

/** A fault on this device, lead and tail included in `effect`. */
export interface Affliction {
  readonly fault: Fault
  readonly span: Span
  readonly effect: Span
}

export interface SimulatedDevice {
  readonly subject: Subject
  /** Lives on until now; returns what it says and when it wants to be asked again. */
  step(now: number): { telemetry: FieldValues | null; events: readonly string[]; nextAt: number }
  /** What it would say now, whether it wants to speak or not. */
  telemetry(now: number): FieldValues
  /** Its message of that number is lost on the way. */
  loses(now: number, seq: number): boolean
}

/** Undefined for a type that no behaviour is known for. */
export function createSimulatedDevice(
  subject: Subject,
  seed: string,
  context: {
    readonly localTime: (now: number) => LocalTime
    readonly afflictions: readonly Affliction[]
  },
): SimulatedDevice | undefined {
  const factory = behaviours.get(subject.type)
  if (!factory) return undefined
  const actor = factory(subject)
  const random = createRandom(`${seed}/${subject.id}`)
  const activeAt = activeOf(context.afflictions)
  const momentAt = (now: number): Moment => ({
    now,
    local: context.localTime(now),
    random,
    circumstances: activeAt(now).circumstances,
  })
  const bent = (moment: Moment): FieldValues =>
    activeAt(moment.now).afflictions.reduce<FieldValues>(
      (values, { fault, span }) =>
        fault.shape?.(values, { elapsed: moment.now - span.from, span, subject }) ?? values,
      actor.values(moment),
    )
  return {
    subject,
    step(now) {
      const moment = momentAt(now)
      const { speaks, events, nextAt } = actor.step(moment)
      return { telemetry: speaks ? bent(moment) : null, events, nextAt }
    },
    telemetry: (now) => bent(momentAt(now)),
    loses: (now, seq) => activeAt(now).afflictions.some(({ fault }) => fault.loses?.(seq) ?? false),
  }
}

interface Active {
  readonly afflictions: readonly Affliction[]
  readonly circumstances: ReadonlySet<Circumstance>
}

const nothing: Active = { afflictions: [], circumstances: new Set() }

/** What is on it at a time. Asked at every step with a time that only grows, so it is looked up anew at an edge alone. */
function activeOf(all: readonly Affliction[]): (now: number) => Active {
  if (all.length === 0) return () => nothing
  const edges = all.flatMap(({ effect }) => [effect.from, effect.to])
  let known: Active = nothing
  let since = Number.POSITIVE_INFINITY
  let until = Number.NEGATIVE_INFINITY
  return (now) => {
    if (now >= since && now < until) return known
    const afflictions = all.filter(({ effect }) => now >= effect.from && now < effect.to)
    known = { afflictions, circumstances: circumstancesOf(afflictions) }
    since = Math.max(Number.NEGATIVE_INFINITY, ...edges.filter((edge) => edge <= now))
    until = Math.min(Number.POSITIVE_INFINITY, ...edges.filter((edge) => edge > now))
    return known
  }
}

function circumstancesOf(active: readonly Affliction[]): ReadonlySet<Circumstance> {
  return new Set(active.flatMap(({ fault }) => fault.circumstance ?? []))
}
