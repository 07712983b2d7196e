/** How a simulated device lives: pure steps from state to state; what it says is read off the state. */
import type { FieldValues } from '../../model/device-type.ts'
import type { LocalTime } from '../local-time.ts'
import type { Random } from '../random.ts'
import type { Subject } from '../subject.ts'

/** What goes on around a device that is not its own doing; put there by faults. */
export type Circumstance =
  /** Nobody moves in the home. */
  | 'still'
  /** The door is held open. */
  | 'held-open'
  /** The resident is out, in the bathroom, up at night, in bed late, at home all day, unwell, hardly moves. */
  | 'gone'
  | 'in-bathroom'
  | 'sleepless'
  | 'lying-in'
  | 'indoors'
  | 'unwell'
  | 'listless'
  /** Somebody comes or goes while the resident is at home; the door is opened every few minutes. */
  | 'visited'
  | 'restless'
  /** The bin is not emptied. */
  | 'uncollected'
  /** A market day: it fills much faster. */
  | 'overused'
  /** Nobody comes to it: it is hardly filled, and not emptied. */
  | 'forgotten'
  /** Of a lift: nobody can call it, few people or many use it. */
  | 'uncalled'
  | 'holiday'
  | 'crowded'
  /** Something in the way of its door, or a door that is worn. */
  | 'door-obstructed'
  | 'door-worn'
  | 'out-of-service'
  /** Out for some hours again and again: it breaks down, or it is worked on as announced. */
  | 'breaking-down'
  | 'modernised'
  | 'no-test-call'
  /** The controller was started again. */
  | 'restarted'

export interface Moment {
  /** Simulated time, ms. */
  readonly now: number
  readonly local: LocalTime
  readonly random: Random
  readonly circumstances: ReadonlySet<Circumstance>
}

export interface Stepped<S> {
  readonly state: S
  /** True when the device sends its telemetry now. */
  readonly speaks: boolean
  /** Words for its `event` topic. */
  readonly events: readonly string[]
  /** When it wants its next step; it may be asked earlier. */
  readonly nextAt: number
}

export interface Behaviour<S> {
  readonly type: string
  begin(subject: Subject, moment: Moment): Stepped<S>
  step(state: S, subject: Subject, moment: Moment): Stepped<S>
  /** Whole telemetry as of now, without `ts` and `seq`. */
  values(state: S, subject: Subject, moment: Moment): FieldValues
}

/** A device at work, with its state inside. */
export interface Actor {
  step(moment: Moment): Omit<Stepped<unknown>, 'state'>
  values(moment: Moment): FieldValues
}

export type ActorFactory = (subject: Subject) => Actor

/** Hides the type of the state, so that all behaviours fit in one table. */
export function actorOf<S>(behaviour: Behaviour<S>): ActorFactory {
  return (subject) => {
    let state: S | undefined
    const current = (moment: Moment): S => {
      state ??= behaviour.begin(subject, moment).state
      return state
    }
    return {
      step(moment) {
        const stepped =
          state === undefined ? behaviour.begin(subject, moment) : behaviour.step(state, subject, moment)
        state = stepped.state
        return stepped
      },
      values: (moment) => behaviour.values(current(moment), subject, moment),
    }
  }
}

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Battery 0-1 of a device that was not new: a fixed start by its id, falling 0.1 a year. */
export function batteryAt(startLevel: number, startedAt: number, now: number): number {
  return Math.round(Math.max(0.3, startLevel - (0.1 * (now - startedAt)) / (365 * DAY)) * 100) / 100
}
