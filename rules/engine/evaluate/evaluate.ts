/**
 * Evaluates one reading by one rule, or fires one of its timers: new state, undo values, transitions and the next
 * timer.
 */
import type { Severity } from '../../../model/severity.ts'
import { currentSeverity } from '../../compile/compiled-rule.ts'
import type { Due, Phase } from '../../conditions/condition.ts'
import type { Scope } from '../../expression/scope.ts'
import type { Run } from '../run.ts'
import { readyAt, timerDelay } from '../timers/hub-outage.ts'
import { scheduledAt, setTimer } from '../timers/scheduled-timers.ts'
import type { Episode, RingEntry, RuleInstance, ScheduledTimer, Timeline, Transition } from '../types.ts'
import { describe } from './describe.ts'
import { endedText, retractedText } from './texts.ts'
import { nothing } from './view.ts'

/**
 * Evaluates one reading (or late evidence, or Last Will) by one rule. The member's view already includes the reading;
 * `run.scope` and `run.sample` are set to it.
 */
export function evaluate(run: Run, timeline: Timeline, instance: RuleInstance, entry: RingEntry): void {
  const { rule } = instance
  const { scope } = run
  try {
    if (rule.signals.length > 0) stepSignals(run, timeline, instance, entry)
    scope.minTime = 0
    const { sample } = run
    sample.muted = rule.mute !== undefined && rule.mute(scope) === true
    const before = timeline.cells[instance.cell]
    const after = rule.condition.step(before, sample)
    if (after !== before) {
      recordUndo(entry, instance.cell, before)
      timeline.cells[instance.cell] = after
    }
    // Fast path: most readings change no episode, so nothing is allocated.
    if (mayChangeEpisode(timeline, instance, before))
      updateEpisode(run, { timeline, instance, entry, before, after, at: entry.ts, scope })
    if (after === before) return
    schedule(run, timeline, instance)
    run.markDirty(timeline)
  } catch (error) {
    run.recordFailure({ rule: instance.rule.id, subject: timeline.id }, error)
  }
}

/** Fires a timer as a new entry of the ring. */
export function fire(
  run: Run,
  { timeline, instance }: { timeline: Timeline; instance: RuleInstance },
  due: Due,
): void {
  const entry: RingEntry = {
    kind: 'timer',
    channel: 'telemetry',
    member: 0,
    shift: due.fact === undefined ? 0 : timeline.newestTs - due.at,
    ts: due.at,
    delay: run.now - due.at,
    reported: nothing,
    slots: nothing,
    at: undefined,
    event: '',
    messageSeq: undefined,
    due,
    rule: instance.rule.id,
    undo: null,
    transitions: null,
    earlier: null,
    later: null,
  }
  fireAs(run, { timeline, instance, entry, due })
  if (instance.rule.condition.clock === 'device' && entry.undo) timeline.ring.append(entry)
}

interface Firing {
  readonly timeline: Timeline
  readonly instance: RuleInstance
  readonly entry: RingEntry
  readonly due: Due
}

/** Fires a timer into an existing entry. */
export function fireAs(run: Run, { timeline, instance, entry, due }: Firing): void {
  const { condition } = instance.rule
  try {
    readSignals(run, { timeline, instance }, due.at)
    const before = timeline.cells[instance.cell]
    const after = condition.fire(before, due, timeline)
    const late = timerDelay(due, run.hubOutage, run.now)
    const scope = timeline.scope(0, due.at)
    if (after === before) throw new Error(`a timer of ${instance.rule.stateShape} changed nothing`)
    recordUndo(entry, instance.cell, before)
    timeline.cells[instance.cell] = after
    if (mayChangeEpisode(timeline, instance, before))
      updateEpisode(run, { timeline, instance, entry, before, after, at: due.at, late, scope })
    schedule(run, timeline, instance)
    run.markDirty(timeline)
  } catch (error) {
    run.recordFailure({ rule: instance.rule.id, subject: timeline.id }, error)
  }
}

/** Schedules the rule's next timer, unless an earlier one is pending. */
export function schedule(run: Run, timeline: Timeline, instance: RuleInstance): void {
  const due = instance.rule.condition.due(timeline.cells[instance.cell], timeline)
  if (!due) return
  // When a timer is postponed the earlier check stays; it finds nothing due.
  if (due.at < timeline.nextDue) timeline.nextDue = due.at
  const at = readyAt(due, run.hubOutage, timeline.members)
  if (scheduledAt(timeline, instance) > at) setTimer(run, timeline, { instance, due: at })
}

function stepSignals(run: Run, timeline: Timeline, instance: RuleInstance, entry: RingEntry): void {
  const { signals, maxAge: hold } = instance.rule
  const { scope } = run
  scope.signals = instance.signals
  for (let index = 0; index < signals.length; index += 1) {
    const signal = signals[index]?.signal
    if (!signal) continue
    const cell = instance.signalCell + entry.member * signals.length + index
    const before = timeline.cells[cell]
    scope.minTime = entry.ts - hold
    const after = signal.step(before, entry.ts, scope)
    if (after !== before) {
      recordUndo(entry, cell, before)
      timeline.cells[cell] = after
    }
    instance.signals[index] = signal.value(after, entry.ts, scope)
  }
}

/** For a timer: current signal values of the first member. */
function readSignals(
  run: Run,
  { timeline, instance }: Pick<ScheduledTimer, 'timeline' | 'instance'>,
  now: number,
): void {
  const { signals } = instance.rule
  run.timerScope.signals = instance.signals
  const member = timeline.members[0]
  if (signals.length === 0 || !member) return
  const scope = timeline.scope(0, now)
  signals.forEach(({ signal }, index) => {
    instance.signals[index] = signal.value(
      timeline.cells[instance.signalCell + index],
      member.newestTs,
      scope,
    )
  })
}

function recordUndo(entry: RingEntry, cell: number, value: unknown): void {
  entry.undo = { cell, value, earlier: entry.undo }
}

interface Change {
  readonly timeline: Timeline
  readonly instance: RuleInstance
  readonly entry: RingEntry
  readonly before: unknown
  readonly after: unknown
  /** Event time of the change, ms. */
  readonly at: number
  readonly late?: number
  /** Input of the severity steps. */
  readonly scope: Scope
}

/**
 * The phase changed, or the severity may have: by its steps, or because the rule's severity changed since the episode
 * began.
 */
function mayChangeEpisode(
  { cells }: Timeline,
  { rule, cell, episodeCell }: RuleInstance,
  before: unknown,
): boolean {
  const after = cells[cell]
  if (after !== before && rule.condition.phase(before) !== rule.condition.phase(after)) return true
  const episode = cells[episodeCell] as Episode | undefined
  return episode !== undefined && (rule.steps.length > 0 || episode.severity !== rule.severity)
}

function updateEpisode(run: Run, made: Change): void {
  const { timeline, instance, entry } = made
  const previous = instance.rule.condition.phase(made.before)
  const current = instance.rule.condition.phase(made.after)
  if (!previous && !current) return
  const open = timeline.cells[instance.episodeCell] as Episode | undefined
  const goesOn =
    previous && current && previous.startedAt === current.startedAt && previous.raisedAt === current.raisedAt
  const severity = severityOf(made, current)
  if (goesOn && open?.severity === severity) return
  recordUndo(entry, instance.episodeCell, open)
  if (open && current && goesOn) {
    const episode: Episode = { ...open, severity }
    timeline.cells[instance.episodeCell] = episode
    emit(run, made, { change: 'severity', episode, at: made.at, phase: current })
    return
  }
  if (open && previous && !instance.rule.condition.clearedByPerson) end(run, made, open)
  timeline.cells[instance.episodeCell] = current
    ? begin(run, made, { phase: current, severity: severityOf(made, current, true) })
    : undefined
}

/** `fresh`: a new episode, so hysteresis of the previous severity does not apply. */
function severityOf(
  { timeline, instance, at, scope }: Change,
  phase: Phase | undefined,
  fresh = false,
): Severity {
  const { rule } = instance
  const own = phase?.severity ?? rule.severity
  if (!phase || rule.steps.length === 0) return own
  const open = timeline.cells[instance.episodeCell] as Episode | undefined
  scope.minTime = at - (rule.condition.maxAge ?? rule.maxAge)
  return currentSeverity(rule.steps, scope, fresh ? undefined : open?.severity) ?? own
}

function begin(run: Run, made: Change, { phase, severity }: { phase: Phase; severity: Severity }): Episode {
  const { rule } = made.instance
  const { startedAt, raisedAt } = phase
  const id = newId(run, made, raisedAt)
  const episode: Episode = {
    id,
    startedAt,
    raisedAt,
    severity,
    ...(rule.condition.clearedByPerson && { byPerson: true }),
  }
  emit(run, made, { change: 'began', episode, at: raisedAt, phase })
  return episode
}

/** Appends `+` when another episode has the same instant (on, off and on again with the same `ts`). */
function newId(run: Run, { timeline, instance, entry }: Change, raisedAt: number): string {
  let id = `${instance.rule.id}:${timeline.id}:${raisedAt}`
  const isUsed = ({ transitions }: RingEntry): boolean =>
    transitions?.some(({ episode }) => episode.id === id) ?? false
  while (run.usedEpisodeIds.has(id) || isUsed(entry) || Iterator.from(timeline.ring).some(isUsed))
    id = `${id}+`
  return id
}

function end(run: Run, made: Change, episode: Episode): void {
  const never = made.instance.rule.condition.acceptsLate && made.at < episode.raisedAt
  if (never) emit(run, made, { change: 'retracted', episode, at: episode.raisedAt, reason: retractedText })
  else
    emit(run, made, { change: 'ended', episode, at: Math.max(made.at, episode.raisedAt), reason: endedText })
}

const dayMs = 86_400_000

/** Delay (ms) to show to people, for an event older than any live reading. */
const delayOf = ({ channel, delay }: RingEntry): number | undefined =>
  channel === 'event' && delay > dayMs ? delay : undefined

type TransitionParts = Pick<Transition, 'change' | 'episode' | 'at'> & {
  phase?: Phase
  reason?: Transition['reason']
}

function emit(
  run: Run,
  { timeline, instance, entry, late }: Change,
  { phase, reason, ...parts }: TransitionParts,
): void {
  const described = describe({ run, timeline, instance, member: entry.member, phase })
  const transition: Transition = {
    ...described,
    ...parts,
    rule: instance.rule.id,
    reason: reason ?? described.reason,
    ended: parts.change === 'ended' || parts.change === 'retracted',
    lateBy: parts.change === 'began' ? (late ?? delayOf(entry)) : undefined,
  }
  if (instance.rule.condition.clock === 'device') {
    if (entry.transitions) entry.transitions.push(transition)
    else entry.transitions = [transition]
    if (run.replayed) {
      run.replayed.push(transition)
      return
    }
  }
  run.emit(timeline, transition)
}
