/**
 * The rules engine: a pure function of the journal. For each entry it first fires every timer due at or before the
 * entry's `receivedAt`, then applies the entry. No clock, no I/O; the same entries give the same findings, live or
 * not.
 */
import type { Entry, Journaled } from '../../model/entry.ts'
import type { Finding } from '../../model/finding.ts'
import type { Directory } from '../../model/ports/directory.ts'
import type { CompiledRule, CompiledRules } from '../compile/compiled-rule.ts'
import { createRun, type RuleFailure, type RunOutput } from './create-run.ts'
import { recordActivity } from './evaluate/device-activity.ts'
import { fire, schedule } from './evaluate/evaluate.ts'
import { orphanFinding } from './evaluate/findings.ts'
import type { Placing } from './reorder/accept-entry.ts'
import type { Run } from './run.ts'
import { isFormerFormat, migrateRows, snapshotFormat } from './snapshot/migration.ts'
import type { EngineRow, SnapshotRow } from './snapshot/rows.ts'
import { createPopulation, type Population } from './subjects/population.ts'
import { extendOutage, readyAt } from './timers/hub-outage.ts'
import { dropTimer } from './timers/scheduled-timers.ts'
import type { OrphanedEpisode } from './types.ts'

export interface EngineOptions {
  readonly rules: CompiledRules
  readonly directory: Directory
}

export interface EngineStats {
  readonly entries: number
  readonly placed: Readonly<Record<Placing, number>>
  readonly unknownDevices: number
  /** At most 100. */
  readonly failures: readonly RuleFailure[]
  readonly timers: number
  readonly timelines: number
}

export interface Engine {
  /** Returns the findings of this entry in order. */
  apply(entry: Journaled): Finding[]
  /** The same for an entry outside the journal; `seq` is used as if it came from there. */
  applyAs(seq: number, entry: Entry): Finding[]
  /** Fires timers due at or before `now` (hub clock, ms), as a tick does. */
  advance(now: number): Finding[]
  /** Hub time (ms) of the next timer; undefined = none. */
  nextDue(): number | undefined
  /** Rows that changed since the last call, as JSON texts; `null` = delete. */
  snapshot(): Map<string, string | null>
  /**
   * The same row by row, so that the caller can pause in between. Entries may be applied meanwhile; the rows are those
   * of this instant.
   */
  snapshotRows(): Iterable<SnapshotRow>
  /**
   * Restores rows of earlier snapshots, before the first entry. Findings up to seq `emittedUpTo` are already
   * published: episodes of removed devices or rules end with the first entry after it.
   */
  restore(rows: ReadonlyMap<string, string>, emittedUpTo?: number): void
  /** The same in small steps, so that the caller can pause in between; apply nothing before the last step. */
  restoring(rows: ReadonlyMap<string, string>, emittedUpTo?: number): Iterable<void>
  stats(): EngineStats
  /** Number of pairs of rule and device; rules of a group count once per member. Visits all timelines. */
  pairs(): number
}

interface State extends RunOutput {
  started: boolean
  ticking: boolean
  /** Engine-wide facts changed since the last snapshot. */
  dirty: boolean
  entries: number
  unknownDevices: number
  readonly placed: Record<Placing, number>
  /** Ended with the first entry after `emittedUpTo`. */
  orphans: readonly OrphanedEpisode[]
  emittedUpTo: number
}

/** A second outage that begins within this time (ms) after the first one extends it. */
const joinGrace = 300_000
const engineKey = 'engine'

export function createEngine({ rules, directory }: EngineOptions): Engine {
  const state: State = {
    started: false,
    ticking: false,
    dirty: false,
    entries: 0,
    unknownDevices: 0,
    placed: { 'in-order': 0, reordered: 0, 'too-late': 0, duplicate: 0 },
    failures: new Map(),
    out: [],
    orphans: [],
    emittedUpTo: 0,
  }
  const run = createRun(rules, state)
  const population = createPopulation({ rules, directory, run })

  function passTime(now: number): void {
    if (!state.started) {
      state.started = true
      run.now = now
      population.sync()
      return
    }
    if (state.ticking) run.hubOutage = extendOutage(run.hubOutage, { before: run.now, now, grace: joinGrace })
    run.now = Math.max(run.now, now)
    fireDue(run, population)
  }

  function applyEntry(seq: number, entry: Entry): Finding[] {
    state.out = []
    state.dirty = true
    run.seq = seq
    if (state.orphans.length > 0 && seq > state.emittedUpTo) emitOrphans()
    try {
      passTime(entry.receivedAt)
      applyByKind(entry)
    } catch (error) {
      // An entry that cannot be processed must not stop the engine, now and after every restart.
      run.recordFailure({ rule: '*', subject: entry.kind === 'tick' ? 'tick' : entry.device }, error)
    }
    return state.out
  }

  function applyByKind(entry: Entry): void {
    if (entry.kind === 'tick') {
      state.ticking = true
      population.syncIfChanged()
      population.trimSome()
    } else {
      state.entries += 1
      const record = population.find(entry.device)
      if (record) recordActivity(run, state.placed, { record, entry })
      else state.unknownDevices += 1
      // With ticks the next tick does this, so that many `meta` messages at once cost one synchronisation.
      if (!state.ticking) population.syncIfMetaChanged()
    }
  }

  function emitOrphans(): void {
    for (const orphan of state.orphans) {
      const rule = rules.list.find(({ id }) => id === orphan.rule)
      const site = directory.device(orphan.device)?.site ?? ''
      state.out.push(orphanFinding(orphan, { rule, site, seq: run.seq, index: state.out.length }))
    }
    state.orphans = []
  }

  function snapshotRows(): Iterable<SnapshotRow> {
    const rows = population.snapshot()
    const own = state.dirty ? JSON.stringify(engineRow(run, state, rules)) : undefined
    state.dirty = false
    run.openSnapshots += 1
    return openSnapshots(rows, own)
  }

  function* openSnapshots(rows: Iterable<SnapshotRow>, own: string | undefined): Generator<SnapshotRow> {
    try {
      yield* rows
      if (own !== undefined) yield [engineKey, own]
    } finally {
      run.openSnapshots -= 1
    }
  }

  function* restoring(rows: ReadonlyMap<string, string>, emittedUpTo = 0): Generator<void> {
    const text = rows.get(engineKey)
    if (text === undefined) return
    const isMigrated = isFormerFormat(text)
    const current = isMigrated ? yield* migrateRows(rows) : rows
    const row = JSON.parse(current.get(engineKey) ?? text) as EngineRow
    run.now = row.now
    run.seq = row.seq
    run.hubOutage = row.hubOutage ?? undefined
    state.ticking = row.ticking
    state.started = true
    const isNew = newRules(row)
    const found = yield* population.restoring(current, { saved: row.layouts, at: row.now, isNew, isMigrated })
    const byId = new Map(rules.list.map((rule) => [rule.id, rule]))
    const left = found.map((orphan): OrphanedEpisode => {
      const rule = byId.get(orphan.rule)
      return rule && isNew(rule) ? { ...orphan, changed: true } : orphan
    })
    state.orphans = [...(row.orphans ?? []), ...left]
    run.usedEpisodeIds = new Set(state.orphans.map(({ episode }) => episode.id))
    state.emittedUpTo = emittedUpTo
    state.dirty = isMigrated || found.length > 0 || rules.list.some(isNew)
  }

  return {
    apply: (entry) => applyEntry(entry.seq, entry),
    applyAs: applyEntry,
    advance(now) {
      state.out = []
      try {
        passTime(now)
      } catch (error) {
        run.recordFailure({ rule: '*', subject: 'tick' }, error)
      }
      return state.out
    },
    nextDue: () => run.timers.peek()?.due,
    snapshot: () => new Map(snapshotRows()),
    snapshotRows,
    restore(rows, emittedUpTo) {
      for (const _ of restoring(rows, emittedUpTo));
    },
    restoring,
    pairs: population.pairs,
    stats: () => ({
      entries: state.entries,
      placed: { ...state.placed },
      unknownDevices: state.unknownDevices,
      failures: [...state.failures.values()],
      timers: run.timers.size(),
      timelines: population.size(),
    }),
  }
}

/** Rules that changed since the snapshot; a snapshot without fingerprints counts as unchanged. */
function newRules({ rules }: EngineRow): (rule: CompiledRule) => boolean {
  return ({ id, fingerprint }) => rules !== undefined && rules[id] !== fingerprint
}

function engineRow(run: Run, { ticking, orphans }: State, { layouts, list }: CompiledRules): EngineRow {
  return {
    format: snapshotFormat,
    now: run.now,
    seq: run.seq,
    ticking,
    hubOutage: run.hubOutage ?? null,
    layouts: Object.fromEntries([...layouts].map(([type, { fields }]) => [type, fields])),
    rules: Object.fromEntries(list.map(({ id, fingerprint }) => [id, fingerprint])),
    ...(orphans.length > 0 && { orphans }),
  }
}

/** In due order, ties by rule and subject. */
function fireDue(run: Run, population: Population): void {
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
