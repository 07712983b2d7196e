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
  const activeAt = (now: number): readonly Affliction[] =>
    context.afflictions.length === 0
      ? context.afflictions
      : context.afflictions.filter(({ effect }) => now >= effect.from && now < effect.to)
  const momentAt = (now: number): Moment => ({
    now,
    local: context.localTime(now),
    random,
    circumstances: circumstancesOf(activeAt(now)),
  })
  const bent = (moment: Moment): FieldValues =>
    activeAt(moment.now).reduce(
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
  }
}

const nothing: ReadonlySet<Circumstance> = new Set()

function circumstancesOf(active: readonly Affliction[]): ReadonlySet<Circumstance> {
  if (active.length === 0) return nothing
  return new Set(active.flatMap(({ fault }) => fault.circumstance ?? []))
}
