/**
 * What every condition is: a pure automaton over one subject's readings. State is `undefined` until something is to be
 * remembered, and a step that changes nothing returns the very same object, so that checkpoints are references.
 */
import type { z } from 'zod'
import type { Device } from '../../model/ports/directory.ts'
import type { Severity } from '../../model/severity.ts'
import type { DeviceChannel } from '../../model/topics.ts'
import type { Evaluate, HomeFacts, Scope } from '../expression/scope.ts'
import type { LinkFacts } from './link-facts.ts'

/** One device of a subject, with what the hub's own clock knows of it; read it in place, a copy may lack parts. */
export interface MemberFacts {
  readonly device: Device
  /** Hub clock, ms: when it was last heard; undefined = never. A Last Will is not hearing. */
  readonly lastSeenAt: number | undefined
  /** Hub clock, ms: when the hub first knew of the device. */
  readonly knownSince: number
}

/** What a condition is about: one device, or the devices of one home, circuit … */
export interface Subject {
  readonly id: string
  readonly members: readonly MemberFacts[]
  readonly home: HomeFacts | undefined
  /**
   * The scope of a member's newest known values, for judging at a timer. Valid until the next call. `now`: event time
   * (ms) that the words of time see; without it they are unknown.
   */
  scope(member: number, now?: number): Scope
}

/** One message of one member. Reused; nobody keeps it. */
export interface Sample {
  /** Event time, ms. */
  readonly ts: number
  /** Hub clock, ms. */
  readonly receivedAt: number
  readonly kind: DeviceChannel
  readonly member: number
  readonly scope: Scope
  readonly subject: Subject
  /** The rule's `mute` holds: nothing may begin. */
  readonly muted: boolean
  /** A `status` message that says offline (Last Will). */
  readonly offline: boolean
  /** Only for conditions in the hub's time; they are shown what is out of the usual, and everything while they remember. */
  readonly link: LinkFacts | undefined
}

/** While a condition holds. Times are event times, ms. */
export interface Phase {
  /** Since when it is so. */
  readonly startedAt: number
  /** When it became an alert: `startedAt` + `for`, whatever the way and order in which messages came. */
  readonly raisedAt: number
  /** When the condition itself knows; otherwise by the rule's steps, or the rule's own. */
  readonly severity?: Severity
  /** Figures for the reason and the evidence. */
  readonly detail?: Readonly<Record<string, number | string>>
  /** The device to name first, when the condition is about several. */
  readonly device?: string
  /** Picks one of the rule's `reasons` instead of its `reason`. */
  readonly variant?: string
}

/** The next instant at which something happens without a message. */
export interface Due {
  /** Event time, ms: the stamp of what happens. */
  readonly at: number
  /** Hub clock, ms: when it may happen. */
  readonly hub: number
  /** Set when silence itself is the evidence: how long (ms) to wait after the hub was deaf. */
  readonly grace?: number
  /** With `grace`: what was told must have lasted until then. As long as it cannot be said whether, steps let it wait. */
  readonly lasting?: true
  /** Something only the hub's clock knew (a member fell silent): it stays true when the past is judged again. */
  readonly fact?: unknown
}

export interface Condition<S = unknown> {
  /** `device`: judged in event time, late readings are put in their place. `hub`: judged in order of arrival. */
  readonly clock: 'device' | 'hub'
  /** A reading too late for its place still counts as evidence (steps commute). */
  readonly acceptsLate: boolean
  /** Its steps ask what other members said last, so that readings of two members do not commute. */
  readonly readsOtherMembers?: boolean
  /** Needs every reading, not only those that change something. */
  readonly needsRepeatedReadings: boolean
  /** The end is not told: a person says when it is over. */
  readonly clearedByPerson: boolean
  /** How long it believes a value, ms, when not as long as its rule does; severity steps go by it. */
  readonly maxAge?: number
  /** False when the condition cannot be about this subject at all. In the hub's time, what devices tell of themselves must not count. */
  applies(subject: Subject): boolean
  /**
   * What it remembers when its rule begins to watch (`at`: hub clock, ms). For what does not happen: of the time before
   * nothing was seen. Without this nothing is remembered.
   */
  begin?(at: number, subject: Subject): S
  step(state: S | undefined, moment: Sample): S | undefined
  /** The earliest; with `fromReadings` only those for which readings, not silence, are the evidence. */
  due(state: S | undefined, subject: Subject, fromReadings?: boolean): Due | undefined
  /** Called with the Due that `due` gave, when its time has come; again with the same one when it was a `fact`. */
  fire(state: S | undefined, due: Due, subject: Subject): S | undefined
  phase(state: S | undefined): Phase | undefined
  /**
   * What is left when the device's clock was set back, while nothing is open; `step` copes with times before what it
   * remembers. Without this nothing: what was only pending begins anew. For what has been learned for weeks.
   */
  onClockRegression?(state: S): S | undefined
  /** Waits for a member to be heard at all: it is stepped by any message then, whatever that tells. */
  awaitsAnyMessage?(state: S | undefined): boolean
  /**
   * After how long (ms, hub clock) it notices that this member is not heard. For a group: `due` may be another one when a
   * member is heard again, although the state is the same.
   */
  silenceLimit?(member: MemberFacts): number
  /** In the hub's time: false when a message that is no news can change nothing. Without this, while something is remembered. */
  needsEveryMessage?(state: S | undefined): boolean
  /**
   * Asked while it has no phase: it may hold unseen, because what it asks cannot be told now. Without this, as long as
   * nothing is remembered. `scope.now` is set.
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

/** What the expressions of one condition ask for. */
export interface ConditionInputs {
  /** Fields, by device type, as slots. */
  readonly slots: ReadonlyMap<string, readonly number[]>
  /** The word of an event. */
  readonly events: boolean
  /** Something that any reading may change. */
  readonly always: boolean
}

/** What a condition may ask while it is built; faults are noted with their place, and building goes on. */
export interface BuildContext {
  /** Compiles a yes/no expression written at `path` below the condition. */
  expression(text: string, ...path: readonly (string | number)[]): Evaluate<boolean>
  /** Place of a number field in `slots` by device type; notes a fault when a type lacks it. */
  numberField(field: string, ...path: readonly (string | number)[]): ReadonlyMap<string, number>
  /** Notes something wrong at `path`. */
  addProblem(message: string, ...path: readonly (string | number)[]): void
  /** Longest silence (ms) after which the device types count as offline; the default `hold`. */
  readonly offlineAfter: number
  /** The most severe that the rule may be. */
  readonly severity: Severity
  /** Builds a condition inside this one. */
  child(
    spec: unknown,
    ...path: readonly (string | number)[]
  ): { readonly condition: Condition; readonly asks: ConditionInputs }
}

/** Whether a condition judges one device, a group of them, or either. */
export type SubjectKind = 'device' | 'group' | 'both'

/** One line of the table: how the condition is written, and how it is built. */
export interface ConditionKind {
  readonly name: string
  readonly about: SubjectKind
  readonly schema: z.ZodType
  /** Former name -> name of state properties, for snapshots written before they were renamed. */
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
