/**
 * Takes entries into a timeline in event time. One in order is judged at once; a late one is put in its place and
 * everything after it is judged again; one too late for that still counts as evidence of absence.
 */
import type { CompiledRule } from '../compiled-rule.ts'
import type { Due } from '../conditions/condition.ts'
import { readyAt } from './deafness.ts'
import { fire, fireAs, judge, schedule } from './judge.ts'
import { inOrder, insertionIndex, isDuplicate } from './order.ts'
import { reconcile } from './reconcile.ts'
import { append, changed, undo } from './ring.ts'
import type { Run } from './run.ts'
import { followClock, isSetBack } from './set-back.ts'
import {
  type Episode,
  type Instance,
  lateness,
  type Member,
  type RingEntry,
  ringSize,
  type Timeline,
  type Transition,
} from './types.ts'
import { foldReading, isView, nothing } from './view.ts'

export type Placing = 'in-order' | 'put-back' | 'too-late' | 'duplicate'

/** `entry` is a reading or a Last Will that this timeline has not seen. */
export function accept(run: Run, timeline: Timeline, entry: RingEntry): Placing {
  const member = timeline.members[entry.member]
  if (!member) return 'too-late'
  run.touch(timeline)
  if (entry.kind === 'offline') {
    entry.pos = timeline.newest
    take(run, timeline, entry)
    trim(timeline)
    return 'in-order'
  }
  if (entry.ts <= timeline.newest && isDuplicate(timeline, entry)) return 'duplicate'
  const placing = placeOf(timeline, member, entry)
  if (placing === 'too-late') takeLate(run, timeline, entry)
  else insert(run, timeline, entry)
  trim(timeline)
  return placing
}

function placeOf(timeline: Timeline, member: Member, entry: RingEntry): Placing {
  const { newest, horizon } = timeline
  if (entry.ts > newest) return 'in-order'
  if (entry.ts >= newest - lateness && entry.ts > horizon)
    return entry.ts === newest ? 'in-order' : 'put-back'
  if (entry.ts < member.newest) {
    if (!isSetBack(member, entry)) return 'too-late'
    followClock(timeline, entry.member, entry.ts)
    if (timeline.members.length === 1) return 'in-order'
  }
  // A member whose clock is behind the others': in order for itself, so it is taken as it comes.
  entry.pos = newest
  return 'in-order'
}

function insert(run: Run, timeline: Timeline, entry: RingEntry): void {
  const index = insertionIndex(timeline.ring, entry)
  if (index < timeline.ring.length && isBeforeItself(timeline, { entry, index })) {
    entry.pos = timeline.newest
    take(run, timeline, entry)
  } else if (index === timeline.ring.length) take(run, timeline, entry)
  else if (!slipIn(run, timeline, { entry, index })) judgeAgain(run, timeline, { entry, index })
}

/** Newer than all of its member, yet its place is before one of them: that one was taken as it came, and so is this. */
function isBeforeItself(
  { ring, members }: Timeline,
  { entry, index }: { entry: RingEntry; index: number },
): boolean {
  if (entry.ts <= (members[entry.member] as Member).newest) return false
  for (let later = index; later < ring.length; later += 1) {
    const { kind, member } = ring[later] as RingEntry
    if (kind === 'reading' && member === entry.member) return true
  }
  return false
}

/**
 * Members of one circuit or home are heard in turn, a few ms out of order. When such a reading moves no state but the
 * signals of its own member, and nothing after its place did otherwise, all that was judged stands: it only takes its
 * place. False = it is to be judged again.
 */
function slipIn(
  run: Run,
  timeline: Timeline,
  { entry, index }: { entry: RingEntry; index: number },
): boolean {
  const { ring } = timeline
  const member = timeline.members[entry.member] as Member
  if (entry.ts <= member.newest) return false
  for (let later = index; later < ring.length; later += 1) {
    const other = ring[later] as RingEntry
    if (changed(other, (cell) => cellKind(timeline, cell) === 'ordered')) return false
  }
  const said: Transition[] = []
  run.replay = said
  try {
    foldReading(member, entry)
    judgeAll(run, timeline, entry)
  } finally {
    run.replay = undefined
  }
  if (changed(entry, (cell) => cellKind(timeline, cell) !== 'own')) {
    undo(timeline, entry)
    entry.undo = null
    entry.said = null
    return false
  }
  ring.splice(index, 0, entry)
  member.newest = entry.ts
  member.behind = undefined
  return true
}

/** `own` = a signal of one member; `commuting` = a condition that comes to the same in any order. */
function cellKind({ instances }: Timeline, cell: number): 'own' | 'commuting' | 'ordered' {
  for (const { cell: condition, rule } of instances) {
    const { acceptsLate, looksAround } = rule.condition
    if (cell === condition) return acceptsLate && !looksAround ? 'commuting' : 'ordered'
    if (cell === condition + 1) return 'ordered'
  }
  return 'own'
}

/** Applies an entry after all others of the ring. */
function take(run: Run, timeline: Timeline, entry: RingEntry): void {
  const member = timeline.members[entry.member] as Member
  advance(run, timeline, entry.ts)
  if (entry.kind === 'reading') foldReading(member, entry)
  append(timeline, entry)
  if (entry.kind === 'reading') {
    if (entry.pos > timeline.newest) timeline.newest = entry.pos
    if (entry.ts > member.newest) {
      member.newest = entry.ts
      member.behind = undefined
    }
  }
  judgeAll(run, timeline, entry)
}

/** Every rule that the entry concerns; the member's view holds it already. */
function judgeAll(run: Run, timeline: Timeline, entry: RingEntry): void {
  setScope(run, timeline, entry)
  for (const instance of timeline.instances) {
    if (instance.concerns[entry.member] && isTouched(timeline, instance, entry))
      judge(run, timeline, instance, entry)
  }
  // What was known before need not be kept longer.
  const member = timeline.members[entry.member] as Member
  member.former = member.view
}

/** A message that is no reading for rules, but says that the device is there; for what waits for that. */
export function noteLife(run: Run, timeline: Timeline, entry: RingEntry): void {
  const waits = ({ rule, cell }: Instance): boolean => awaitsLife(rule, timeline.cells[cell])
  if (!timeline.instances.some(waits)) return
  run.touch(timeline)
  takeLate(run, timeline, entry)
  trim(timeline)
}

const awaitsLife = ({ condition }: CompiledRule, state: unknown): boolean =>
  condition.awaitsLife?.(state) === true

/**
 * In order of arrival, for rules in the hub's own time; what they decide is never judged again. Those that remember
 * nothing are shown news alone: a Last Will, or what is noted of the line.
 */
export function hear(run: Run, timeline: Timeline, entry: RingEntry, isNews: boolean): void {
  for (const instance of timeline.hubInstances) {
    if (!isNews && !awaitsHearing(instance.rule, timeline.cells[instance.cell])) continue
    setScope(run, timeline, entry)
    judge(run, timeline, instance, entry)
  }
}

/** A rule in the hub's time that remembers something which any message may change. */
export function awaitsHearing({ condition }: CompiledRule, state: unknown): boolean {
  return state !== undefined && (condition.awaitsHearing?.(state) ?? true)
}

/**
 * A reading that tells none of the rule's fields is none for it; and a rule that remembers nothing cannot come to
 * another answer when none of them changed, unless it asks for the time.
 */
function isTouched({ cells, members }: Timeline, instance: Instance, entry: RingEntry): boolean {
  const { rule, cell } = instance
  if (entry.channel === 'event') return rule.usesEvent || awaitsLife(rule, cells[cell])
  if (entry.kind === 'offline' || rule.condition.everyReading) return true
  const reads = instance.masks[entry.member] ?? 0
  // What asks for the time alone is judged whatever is told.
  if (reads === 0) return rule.usesTime
  const { told, changed, silence } = members[entry.member] as Member
  if ((reads & told) === 0) return false
  if (cells[cell] !== undefined || (changed & reads) !== 0 || rule.usesTime) return true
  // It may have been too old to be believed meanwhile.
  if (silence > rule.believes) return true
  const first = cell + 2 + entry.member * rule.signals.length
  for (let index = 0; index < rule.signals.length; index += 1) {
    if (cells[first + index] !== undefined) return true
  }
  return false
}

function setScope(run: Run, timeline: Timeline, entry: RingEntry): void {
  const { scope } = run
  const member = timeline.members[entry.member] as Member
  scope.type = member.layout.type
  scope.now = entry.ts
  scope.location = member.location
  scope.slots = member.view.slots
  scope.at = member.view.at
  scope.toldAt = member.view.ts
  scope.own = entry.own
  scope.before = member.former.slots
  scope.former = member.former
  scope.event = entry.event
  scope.meta = member.record.meta
  scope.home = timeline.subject.home
}

/** Fires what came due in event time before a reading at `ts`: a value holds until the next one. */
function advance(run: Run, timeline: Timeline, ts: number): void {
  for (;;) {
    if (timeline.nextDue > ts) return
    timeline.nextDue = lookUpDue(timeline)
    if (timeline.nextDue > ts) return
    let first: { instance: Instance; due: Due } | undefined
    for (const instance of timeline.instances) {
      if (timeline.cells[instance.cell] === undefined && !instance.rule.condition.acceptsLate) continue
      const due = dueBefore(run, timeline, instance)
      if (due && due.at <= ts && (!first || due.at < first.due.at)) first = { instance, due }
    }
    if (!first) return
    const before = timeline.cells[first.instance.cell]
    fire(run, { timeline, instance: first.instance }, first.due)
    if (timeline.cells[first.instance.cell] === before) return
  }
}

/** What it depends on changes with the state alone, or with facts of `meta`. */
function lookUpDue(timeline: Timeline): number {
  let next = Number.POSITIVE_INFINITY
  for (const instance of timeline.instances) {
    const { acceptsLate } = instance.rule.condition
    if (timeline.cells[instance.cell] === undefined && !acceptsLate) continue
    const due = dueOf(timeline, instance, !acceptsLate)
    if (due && due.at < next) next = due.at
  }
  return next
}

/**
 * Silence is evidence only once it has been waited for by the hub's clock; when the past is judged again that has
 * happened, and the silence still comes before the reading that ended it.
 */
function dueBefore(run: Run, timeline: Timeline, instance: Instance): Due | undefined {
  const { condition } = instance.rule
  const due = dueOf(timeline, instance, !condition.acceptsLate)
  return due?.grace !== undefined && !isReady(run, { timeline, instance }, due) ? undefined : due
}

/** By the hub's clock, or it was when it was told: what was kept for the hub and comes later makes no wait out of it again. */
function isReady(
  run: Run,
  { timeline, instance }: { timeline: Timeline; instance: Instance },
  due: Due,
): boolean {
  const isPast = readyAt(due, run.deaf, timeline.members) <= run.now
  return isPast || run.waited.has(waitedKey(instance.rule.id, due))
}

const noneWaited: ReadonlySet<string> = new Set()
const waitedKey = (rule: string, { at }: Due): string => `${rule} ${at}`

function waitedFor(removed: readonly RingEntry[]): ReadonlySet<string> {
  const keys = new Set<string>()
  for (const { rule, due, said } of removed)
    if (said && rule !== undefined && due) keys.add(waitedKey(rule, due))
  return keys
}

const dueOf = (timeline: Timeline, { rule, cell }: Instance, fromReadings: boolean) =>
  rule.condition.due(timeline.cells[cell], timeline.subject, fromReadings)

/** Counts as evidence for rules whose steps commute; for the others it is history. */
function takeLate(run: Run, timeline: Timeline, reading: RingEntry): void {
  if (!timeline.instances.some(({ rule }) => rule.condition.acceptsLate)) return
  const entry: RingEntry = { ...reading, kind: 'late', pos: timeline.newest }
  applyLate(run, timeline, entry)
  if (entry.undo) append(timeline, entry)
}

function applyLate(run: Run, timeline: Timeline, entry: RingEntry): void {
  setScope(run, timeline, entry)
  run.scope.slots = entry.own
  run.scope.at = undefined
  run.scope.toldAt = entry.ts
  run.scope.before = nothing
  for (const instance of timeline.instances) {
    const { rule } = instance
    if (!rule.condition.acceptsLate || !instance.concerns[entry.member]) continue
    const isTold =
      entry.channel !== 'event' || rule.usesEvent || awaitsLife(rule, timeline.cells[instance.cell])
    if (isTold) judge(run, timeline, instance, entry)
  }
}

/** Goes back to before `index`, puts the entry in, judges again, and tells only what that changes. */
function judgeAgain(
  run: Run,
  timeline: Timeline,
  { entry, index }: { entry: RingEntry; index: number },
): void {
  const removed = timeline.ring.splice(index)
  for (const other of removed.toReversed()) undo(timeline, other)
  const told = removed.flatMap((other) => other.said ?? [])
  const open = new Map(
    timeline.instances.map(({ rule, cell }) => [rule.id, timeline.cells[cell + 1] as Episode | undefined]),
  )
  rebuildViews(timeline)
  const right: Transition[] = []
  run.replay = right
  run.waited = waitedFor(removed)
  try {
    for (const other of inOrder(removed, entry)) again(run, timeline, other)
    fireOverdue(run, timeline)
  } finally {
    run.replay = undefined
    run.waited = noneWaited
  }
  for (const { rule } of timeline.instances) {
    const ofRule = ({ rule: id }: Transition): boolean => id === rule.id
    const mended = reconcile(open.get(rule.id), told.filter(ofRule), right.filter(ofRule))
    for (const transition of mended) run.tell(timeline, transition)
  }
}

function again(run: Run, timeline: Timeline, entry: RingEntry): void {
  entry.undo = null
  entry.said = null
  if (entry.kind === 'reading' || entry.kind === 'offline') {
    take(run, timeline, entry)
    return
  }
  if (entry.kind === 'late') applyLate(run, timeline, entry)
  const instance = timeline.instances.find(({ rule }) => rule.id === entry.rule)
  if (entry.kind === 'mark' && instance && entry.due)
    fireAs(run, { timeline, instance, entry, due: entry.due })
  if (entry.undo) append(timeline, entry)
}

/** Timers that the hub's clock had fired already, and that are still due after judging again. */
function fireOverdue(run: Run, timeline: Timeline): void {
  for (const instance of timeline.instances) {
    for (;;) {
      const due = dueOf(timeline, instance, false)
      if (!due || !isReady(run, { timeline, instance }, due)) break
      const before = timeline.cells[instance.cell]
      fire(run, { timeline, instance }, due)
      if (timeline.cells[instance.cell] === before) break
    }
    schedule(run, timeline, instance)
  }
}

function rebuildViews({ members, ring }: Timeline): void {
  for (const member of members) member.view = member.base
  for (const entry of ring) if (isView(entry)) (members[entry.member] as Member).view = entry
}

/** Of an entry that is forgotten only what was known after it stays. */
function leaveBase(member: Member, entry: RingEntry): void {
  const { slots, ts, at } = entry
  member.base = { slots, ts, at }
  if (member.view !== entry) return
  member.view = member.base
  member.former = member.base
}

/** Forgets what nothing late can reach any more. */
function trim(timeline: Timeline): void {
  const { ring, members } = timeline
  const oldest = timeline.newest - lateness
  let gone = 0
  while (gone < ring.length && ((ring[gone] as RingEntry).pos < oldest || ring.length - gone > ringSize)) {
    const entry = ring[gone] as RingEntry
    if (isView(entry)) leaveBase(members[entry.member] as Member, entry)
    if (entry.kind === 'reading' && entry.pos > timeline.horizon) timeline.horizon = entry.pos
    gone += 1
  }
  if (gone === 1) ring.shift()
  else if (gone > 0) ring.splice(0, gone)
}
