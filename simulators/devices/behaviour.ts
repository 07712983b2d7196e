/** The behaviour of a simulated device: pure steps from state to state; telemetry is derived from the state. */
import type { FieldValues } from '../../model/device-type.ts'
import type { LocalTime } from '../local-time.ts'
import type { Random } from '../random.ts'
import type { Subject } from '../subject.ts'

/** External conditions that replace part of a device's ordinary behaviour; set by faults. */
export type BehaviourOverride =
  /** Nobody moves in the home. */
  | 'motionless'
  /** The door is kept open. */
  | 'kept-open'
  /** The resident is out, in the bathroom, up at night, in bed late, at home all day, unwell, hardly moving. */
  | 'away'
  | 'in-bathroom'
  | 'sleepless'
  | 'in-bed-late'
  | 'indoors'
  | 'unwell'
  | 'listless'
  /** A visitor comes or goes while the resident is at home; somebody opens the door every few minutes. */
  | 'visited'
  | 'restless'
  /** The bin is not emptied. */
  | 'uncollected'
  /** A market day: the bin fills much faster. */
  | 'overused'
  /** The bin is hardly used and not emptied. */
  | 'unused'
  /** Lift traffic: no calls at all, few or many. */
  | 'no-calls'
  | 'holiday'
  | 'crowded'
  /** An obstacle in the lift door, or a worn door. */
  | 'door-obstructed'
  | 'door-worn'
  | 'out-of-service'
  /** Recurring outages of some hours: breakdowns, or announced works. */
  | 'breaking-down'
  | 'modernised'
  | 'no-test-call'
  /** The lift controller has restarted. */
  | 'restarted'

export interface StepContext {
  /** Simulated time, ms. */
  readonly now: number
  readonly local: LocalTime
  readonly random: Random
  readonly overrides: ReadonlySet<BehaviourOverride>
}

export interface StepResult<S> {
  readonly state: S
  /** True when the device publishes its telemetry now. */
  readonly reports: boolean
  /** Event types for its `event` topic. */
  readonly events: readonly string[]
  /** When the next step is due, ms; steps may come earlier. */
  readonly nextAt: number
}

export interface Behaviour<S> {
  readonly type: string
  begin(subject: Subject, context: StepContext): StepResult<S>
  step(state: S, subject: Subject, context: StepContext): StepResult<S>
  /** Whole telemetry as of now, without `ts` and `seq`. */
  values(state: S, subject: Subject, context: StepContext): FieldValues
}

/** A behaviour together with the state of one device. */
export interface RunningBehaviour {
  step(context: StepContext): Omit<StepResult<unknown>, 'state'>
  values(context: StepContext): FieldValues
}

export type BehaviourFactory = (subject: Subject) => RunningBehaviour

/** Hides the state type, so that all behaviours fit in one table. */
export function behaviourFactory<S>(behaviour: Behaviour<S>): BehaviourFactory {
  return (subject) => {
    let state: S | undefined
    const current = (context: StepContext): S => {
      state ??= behaviour.begin(subject, context).state
      return state
    }
    return {
      step(context) {
        const stepped =
          state === undefined ? behaviour.begin(subject, context) : behaviour.step(state, subject, context)
        state = stepped.state
        return stepped
      },
      values: (context) => behaviour.values(current(context), subject, context),
    }
  }
}

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Battery level 0-1: `startLevel` falling by 0.1 a year, never below 0.3. Times in ms. */
export function batteryAt(startLevel: number, startedAt: number, now: number): number {
  return Math.round(Math.max(0.3, startLevel - (0.1 * (now - startedAt)) / (365 * DAY)) * 100) / 100
}
