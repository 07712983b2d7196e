/** Processes one journal entry: fires due timers, then applies the entry. */
import type { Entry } from '../../model/entry.ts'
import type { Finding } from '../../model/finding.ts'
import type { EngineCore } from './engine-core.ts'
import { recordActivity } from './evaluate/device-activity.ts'
import { fire, schedule } from './evaluate/evaluate.ts'
import { orphanFinding } from './evaluate/findings.ts'
import { extendOutage, readyAt } from './timers/hub-outage.ts'
import { dropTimer } from './timers/scheduled-timers.ts'

/** A second outage that begins within this time (ms) after the first one extends it. */
const joinGrace = 300_000

/** Returns the findings of the entry in order. */
export function processEntry(core: EngineCore, seq: number, entry: Entry): Finding[] {
  const { state, run } = core
  state.out = []
  state.dirty = true
  run.seq = seq
  if (state.orphans.length > 0 && seq > state.emittedUpTo) endOrphans(core)
  try {
    passTime(core, entry.receivedAt)
    applyByKind(core, entry)
  } catch (error) {
    // An entry that cannot be processed must not stop the engine, now and after every restart.
    run.recordFailure({ rule: '*', subject: entry.kind === 'tick' ? 'tick' : entry.device }, error)
  }
  return state.out
}

/** Fires timers due at or before `now` (hub clock, ms) without an entry. */
export function advanceTo(core: EngineCore, now: number): Finding[] {
  const { state, run } = core
  state.out = []
  try {
    passTime(core, now)
  } catch (error) {
    run.recordFailure({ rule: '*', subject: 'tick' }, error)
  }
  return state.out
}

function passTime(core: EngineCore, now: number): void {
  const { state, run, population } = core
  if (!state.started) {
    state.started = true
    run.now = now
    population.sync()
    return
  }
  if (state.ticking) run.hubOutage = extendOutage(run.hubOutage, { before: run.now, now, grace: joinGrace })
  run.now = Math.max(run.now, now)
  fireDue(core)
}

function applyByKind({ state, run, population }: EngineCore, entry: Entry): void {
  if (entry.kind === 'tick') {
    state.ticking = true
    population.syncIfChanged()
    population.trimSome()
    return
  }
  state.entries += 1
  const record = population.find(entry.device)
  if (record) recordActivity(run, state.placed, { record, entry })
  else state.unknownDevices += 1
  // With ticks the next tick does this, so that many `meta` messages at once cost one synchronisation.
  if (!state.ticking) population.syncIfMetaChanged()
}

/** Ends episodes whose device or rule was gone when the snapshot was restored. */
function endOrphans({ rules, directory, state, run }: EngineCore): void {
  for (const orphan of state.orphans) {
    const rule = rules.list.find(({ id }) => id === orphan.rule)
    const site = directory.device(orphan.device)?.site ?? ''
    state.out.push(orphanFinding(orphan, { rule, site, seq: run.seq, index: state.out.length }))
  }
  state.orphans = []
}

/** In due order, ties by rule and subject. */
function fireDue({ run, population }: EngineCore): void {
  for (let timer = run.timers.peek(); timer && timer.due <= run.now; timer = run.timers.peek()) {
    run.timers.pop()
    const { timeline, instance } = timer
    if (!dropTimer(timer) || !population.has(timeline)) continue
    const { condition } = instance.rule
    const due = condition.due(timeline.cells[instance.cell], timeline)
    if (!due) continue
    // Due times move while a timer waits; one that moved later is scheduled again.
    if (readyAt(due, run.hubOutage, timeline.members) > timer.due) schedule(run, timeline, instance)
    else fire(run, { timeline, instance }, due)
  }
}
