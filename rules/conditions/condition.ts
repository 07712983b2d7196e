/**
 * The interface of conditions: pure automata over the readings of one subject. State is `undefined` until there is
 * something to remember, and a step that changes nothing returns the same object, so that checkpoints are references.
 */
import type { z } from 'zod'
import type { Device } from '../../model/ports/directory.ts'
import type { Severity } from '../../model/severity.ts'
import type { DeviceChannel } from '../../model/topics.ts'
import type { Evaluate, HomeFacts, Scope } from '../expression/scope.ts'
import type { LinkFacts } from './link-facts.ts'

/** One device of a subject, with its times by the hub's clock. Read it in place: a copy may lack accessors. */
export interface MemberFacts {
  readonly device: Device
  /** Hub clock, ms: last message; undefined = never. A Last Will does not count. */
  readonly lastSeenAt: number | undefined
  /** Hub clock, ms: when the hub first knew of the device. */
  readonly knownSince: number
}

/** What a condition evaluates: one device, or the devices of one home, circuit … */
export interface Subject {
  readonly id: string
  readonly members: readonly MemberFacts[]
  readonly home: HomeFacts | undefined
  /**
   * The scope of a member's newest known values, to evaluate at a timer. Valid until the next call. `now`: event time (ms)
   * for time functions; without it they are unknown.
   */
  scope(member: number, now?: number): Scope
}

/** One message of one member. The object is reused; do not keep it. */
export interface Sample {
  /** Event time, ms. */
  readonly ts: number
  /** Hub clock, ms. */
  readonly receivedAt: number
  readonly kind: DeviceChannel
  readonly member: number
  readonly scope: Scope
  readonly subject: Subject
  /** The rule's `mute` is true: nothing may begin. */
  readonly muted: boolean
  /** A `status` message that reports offline (Last Will). */
  readonly offline: boolean
  /** Only for conditions in hub time; they receive unusual messages, and every message while they have state. */
  readonly link: LinkFacts | undefined
}

/** The time during which a condition is active. Times are event times, ms. */
export interface Phase {
  /** When it became true. */
  readonly startedAt: number
  /** When it became an alert: `startedAt` + `for`, independent of the order of arrival. */
  readonly raisedAt: number
  /** Set when the condition decides it; otherwise the rule's steps or the rule's severity apply. */
  readonly severity?: Severity
  /** Values for the reason text and the evidence. */
  readonly detail?: Readonly<Record<string, number | string>>
  /** The device to name first, for conditions about groups. */
  readonly device?: string
  /** Picks one of the rule's `reasons` instead of its `reason`. */
  readonly variant?: string
}

/** The next timer: an instant at which something happens without a message. */
export interface Due {
  /** Event time of what happens, ms. */
  readonly at: number
  /** Hub clock, ms: when the timer may fire. */
  readonly hub: number
  /** Set when silence is the evidence: how long (ms) to wait after a hub outage. */
  readonly grace?: number
  /** With `grace`: the reported state must have lasted until then. Steps delay the timer while that is unknown. */
  readonly lasting?: true
  /** A fact in hub time (a member fell silent), which stays true when the past is reevaluated. */
  readonly fact?: unknown
}

export interface Condition<S = unknown> {
  /** `device`: event time, late readings are inserted at their time. `hub`: order of arrival. */
  readonly clock: 'device' | 'hub'
  /** A reading too late to be inserted at its time still counts as evidence (steps commute). */
  readonly acceptsLate: boolean
  /** Steps read the last values of other members, so that readings of two members do not commute. */
  readonly readsOtherMembers?: boolean
  /** Needs every reading, not only those that change a value. */
  readonly needsRepeatedReadings: boolean
  /** The end is not observable: a person clears it. */
  readonly clearedByPerson: boolean
  /** How long a value counts as known, ms, when different from its rule; severity steps use it too. */
  readonly maxAge?: number
  /** False when the condition does not apply to this subject. In hub time, values that devices report must not matter. */
  applies(subject: Subject): boolean
  /** State when its rule begins to watch (`at`: hub clock, ms), for conditions about things that do not happen. Default: none. */
  begin?(at: number, subject: Subject): S
  step(state: S | undefined, sample: Sample): S | undefined
  /** The earliest timer; with `fromReadings` only timers whose evidence is readings, not silence. */
  due(state: S | undefined, subject: Subject, fromReadings?: boolean): Due | undefined
  /** Called with the Due that `due` returned, when it is time; with a `fact` again when the past is reevaluated. */
  fire(state: S | undefined, due: Due, subject: Subject): S | undefined
  phase(state: S | undefined): Phase | undefined
  /**
   * State that remains after a clock regression of the device while no episode is open; `step` must accept earlier times
   * then. Without this none remains and pending windows restart. For conditions that learn for weeks.
   */
  onClockRegression?(state: S): S | undefined
  /** Waits for any message of a member: it is stepped by every message then, whatever its fields. */
  awaitsAnyMessage?(state: S | undefined): boolean
  /**
   * Silence (ms, hub clock) after which the condition reacts to this member. For groups: `due` may change when a member
   * reports again, although the state does not.
   */
  silenceLimit?(member: MemberFacts): number
  /** In hub time: false when an ordinary message cannot change the state. Default: true while there is state. */
  needsEveryMessage?(state: S | undefined): boolean
  /**
   * Called without a phase: whether it may be active all the same, because its inputs are unknown now. Default: true while
   * there is no state. `scope.now` is set.
   */
  isUnknown?(state: S | undefined, scope: Scope): boolean
}

/** What a condition kind implements; `defineCondition` fills in the rest. */
export type ConditionBehavior<S> = Pick<Condition<S>, 'step' | 'phase'> & Partial<Condition<S>>

/** All members are required: one that is missing in `withDefaults` would never be called. */
type CompleteCondition<S> = { readonly [Name in keyof Required<Condition<S>>]: Condition<S>[Name] }

/**
 * Every condition has all members in the same order, hence one hidden class: the engine's calls stay monomorphic.
 * Defaults: event time, no late readings, changed readings only, any subject, no timers, ends by itself.
 */
export function withDefaults<S>(behavior: ConditionBehavior<S>): Condition<S> {
  return {
    clock: behavior.clock ?? 'device',
    acceptsLate: behavior.acceptsLate ?? false,
    readsOtherMembers: behavior.readsOtherMembers,
    needsRepeatedReadings: behavior.needsRepeatedReadings ?? false,
    clearedByPerson: behavior.clearedByPerson ?? false,
    maxAge: behavior.maxAge,
    applies: behavior.applies ?? always,
    begin: behavior.begin,
    step: behavior.step,
    due: behavior.due ?? never,
    fire: behavior.fire ?? unchanged,
    phase: behavior.phase,
    onClockRegression: behavior.onClockRegression,
    awaitsAnyMessage: behavior.awaitsAnyMessage,
    silenceLimit: behavior.silenceLimit,
    needsEveryMessage: behavior.needsEveryMessage,
    isUnknown: behavior.isUnknown,
  } satisfies CompleteCondition<S>
}

const always = (): boolean => true
const never = (): undefined => undefined
const unchanged = <S>(state: S | undefined): S | undefined => state

/** Stands in for a condition with problems, so that compiling can go on and report all of them. It never runs. */
export const placeholderCondition: Condition = withDefaults({
  applies: () => false,
  step: () => undefined,
  phase: () => undefined,
})

/** What the expressions of one condition read. */
export interface ConditionInputs {
  /** Fields, by device type, as slots. */
  readonly slots: ReadonlyMap<string, readonly number[]>
  /** The name of an event. */
  readonly events: boolean
  /** Something that any reading may change, e.g. the time. */
  readonly always: boolean
}

/** What a condition may use while it is built; problems are recorded with their path, and building goes on. */
export interface BuildContext {
  /** Compiles a yes/no expression written at `path` below the condition. */
  expression(text: string, ...path: readonly (string | number)[]): Evaluate<boolean>
  /** Index of a number field in `slots` by device type; adds a problem when a type lacks it. */
  numberField(field: string, ...path: readonly (string | number)[]): ReadonlyMap<string, number>
  /** Records a problem at `path`. */
  addProblem(message: string, ...path: readonly (string | number)[]): void
  /** Longest silence (ms) after which the device types count as offline; the default `maxAge`. */
  readonly offlineAfter: number
  /** The highest severity the rule can have. */
  readonly severity: Severity
  /** Builds a condition inside this one. */
  child(
    spec: unknown,
    ...path: readonly (string | number)[]
  ): { readonly condition: Condition; readonly inputs: ConditionInputs }
}

/** Whether a condition evaluates one device, a group, or either. */
export type SubjectKind = 'device' | 'group' | 'both'

/** One entry of the table: how a condition is written and how it is built. */
export interface ConditionKind {
  readonly name: string
  readonly about: SubjectKind
  readonly schema: z.ZodType
  /** Former name -> name of state properties, for snapshots written before the rename. */
  readonly formerStateKeys?: Readonly<Record<string, string>>
  build(options: unknown, context: BuildContext): Condition
}

/** Ties options to their schema, fills in defaults, and hides the state's type, which only the condition itself knows. */
export function defineCondition<O extends z.ZodType, S>(kind: {
  readonly name: string
  readonly about: SubjectKind
  readonly schema: O
  readonly formerStateKeys?: Readonly<Record<string, string>>
  build(options: z.output<O>, context: BuildContext): ConditionBehavior<S>
}): ConditionKind {
  return {
    ...kind,
    build: (options, context) => withDefaults(kind.build(options as z.output<O>, context)) as Condition,
  }
}
