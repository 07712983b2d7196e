/** Snapshot and restoration of a whole engine. */
import type { CompiledRule } from '../../compile/compiled-rule.ts'
import type { EngineCore } from '../engine-core.ts'
import type { OrphanedEpisode } from '../types.ts'
import { isFormerFormat, migrateRows, snapshotFormat } from './migration.ts'
import type { EngineRow, SnapshotRow } from './rows.ts'

const engineKey = 'engine'

/** Rows changed since the last call, as of this instant; entries may be applied while they are read. */
export function snapshotRows(core: EngineCore): Iterable<SnapshotRow> {
  const { state, run, population } = core
  const rows = population.snapshot()
  const engine = state.dirty ? JSON.stringify(engineRow(core)) : undefined
  state.dirty = false
  run.openSnapshots += 1
  return writeRows(core, rows, engine)
}

function* writeRows(
  { run }: EngineCore,
  rows: Iterable<SnapshotRow>,
  engine: string | undefined,
): Generator<SnapshotRow> {
  try {
    yield* rows
    if (engine !== undefined) yield [engineKey, engine]
  } finally {
    run.openSnapshots -= 1
  }
}

/** Restores rows in small steps; findings up to seq `emittedUpTo` are already published. */
export function* restoreRows(
  core: EngineCore,
  rows: ReadonlyMap<string, string>,
  emittedUpTo: number,
): Generator<void> {
  const { rules, state, run, population } = core
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

/** Rules that changed since the snapshot; a snapshot without fingerprints counts as unchanged. */
function newRules({ rules }: EngineRow): (rule: CompiledRule) => boolean {
  return ({ id, fingerprint }) => rules !== undefined && rules[id] !== fingerprint
}

function engineRow({ rules: { layouts, list }, state, run }: EngineCore): EngineRow {
  return {
    format: snapshotFormat,
    now: run.now,
    seq: run.seq,
    ticking: state.ticking,
    hubOutage: run.hubOutage ?? null,
    layouts: Object.fromEntries([...layouts].map(([type, { fields }]) => [type, fields])),
    rules: Object.fromEntries(list.map(({ id, fingerprint }) => [id, fingerprint])),
    ...(state.orphans.length > 0 && { orphans: state.orphans }),
  }
}
