/**
 * Drives the engine from the journal: reads after its cursor, and commits the effects of findings together with the
 * cursor (docs/decisions/0001). After a restart the state is that of the last snapshot; entries since then are
 * evaluated again, and their findings are not published again.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Journaled } from '../../model/entry.ts'
import { LinliError } from '../../model/errors.ts'
import type { Finding } from '../../model/finding.ts'
import type { RuleFailure } from '../engine/engine.ts'
import { commit } from './commit-findings.ts'
import {
  type Context,
  createCounters,
  messageOf,
  type Position,
  type RuleRunnerOptions,
  rulesCursor,
  rulesStateCursor,
  waitForRetry,
} from './context.ts'
import { saveSnapshot, saveSnapshotWhenDue } from './save-snapshot.ts'
import { createSignal } from './signal.ts'
import { type EngineSwap, replaceEngine } from './swap.ts'

export type { RuleRunnerOptions } from './context.ts'

export interface RuleRunner {
  /** Resolves when the state is restored and evaluation has begun. */
  start(): Promise<void>
  /** Resolves when the last batch is committed together with a snapshot. */
  stop(): Promise<void>
  /** Number of journal entries that are not evaluated yet. */
  behind(): number
  /**
   * Replaces the engine between two entries; the new one continues with the state of the old one, so no finding is
   * lost or doubled. Resolves with the seq after which it evaluates. Rejects with the error of `commit`, or when the
   * runner has stopped.
   */
  swap(change: EngineSwap): Promise<number>
  /** Rules that failed on some subject and are skipped there, since the start or the last swap. */
  failures(): readonly RuleFailure[]
}

/** Without findings the cursor is committed at this interval, ms. */
const cursorEvery = 1000

export function createRuleRunner(options: RuleRunnerOptions): RuleRunner {
  const { journal, records, metrics } = options
  const position: Position = {
    applied: 0,
    published: 0,
    committed: 0,
    cursorDue: false,
    snapshotDue: false,
    loggedFailures: 0,
    skippedTurns: 0,
  }
  const stop = new AbortController()
  const context: Context = {
    options,
    engine: options.engine,
    swaps: [],
    signal: createSignal(stop.signal),
    position,
    counters: createCounters(metrics),
    saving: undefined,
    abandoned: undefined,
    stopping: stop.signal,
  }
  const behind = (): number => Math.max(0, journal.lastSeq() - position.applied)
  let running: Promise<void> | undefined
  metrics.gauge('linli_rules_behind', 'Journal entries not yet evaluated by rules', behind)
  metrics.gauge(
    'linli_rules_broken',
    'Rules that failed on some subject and are skipped there, at most 100',
    () => context.engine.stats().failures.length,
  )

  return {
    async start() {
      position.applied = await records.cursors.get(rulesStateCursor)
      position.published = await records.cursors.get(rulesCursor)
      await records.ruleState.discardStaged()
      context.engine.restore(await records.ruleState.load(), position.published)
      position.committed = position.published
      warnOfGap(context)
      running = run(context)
    },
    async stop() {
      stop.abort()
      await running
    },
    behind,
    swap(change) {
      if (!running || stop.signal.aborted) return Promise.reject(stopped())
      const done = Promise.withResolvers<number>()
      context.swaps.push({ change, done })
      context.signal.notify()
      return done.promise
    },
    failures: () => context.engine.stats().failures,
  }
}

const stopped = (): LinliError => new LinliError('CONFLICT', 'the rules are not running')

/** The journal must reach back to the snapshot; entries trimmed before that are lost for rules. */
function warnOfGap({ options: { journal, logger }, position }: Context): void {
  const first = journal.firstSeq()
  if (first > position.applied + 1) {
    logger.warn(
      { from: position.applied + 1, to: first - 1 },
      'journal entries were trimmed before rules evaluated them',
    )
  }
}

async function run(context: Context): Promise<void> {
  const { options, position, stopping, signal } = context
  const cancels = [
    options.journal.onAppend(signal.notify),
    options.clock.every(cursorEvery, () => {
      position.cursorDue = true
      logFailures(context)
    }),
    options.clock.every(options.snapshotEvery ?? 30_000, () => {
      if (position.skippedTurns > 0) position.skippedTurns--
      else position.snapshotDue = true
    }),
  ]
  try {
    while (!stopping.aborted) {
      const entries = await read(context)
      const findings = evaluate(context, entries)
      await commit(context, findings)
      saveSnapshotWhenDue(context)
      await applySwaps(context)
      if (entries.length === 0) await signal.wait()
      else await nextTurn()
    }
    await context.saving
    if (position.applied > 0) await saveSnapshot(context)
  } catch (error) {
    options.logger.error({ error: messageOf(error) }, 'the last snapshot of the rules could not be stored')
  } finally {
    // The records may be closed after this.
    await context.saving?.catch(() => undefined)
    for (const cancel of cancels) cancel()
    for (const { done } of context.swaps.splice(0)) done.reject(stopped())
  }
}

/** A failed rule watches nobody on that subject, so it must also appear in the log. */
function logFailures({ options: { logger }, engine, position }: Context): void {
  const { failures } = engine.stats()
  for (const { rule, subject, message } of failures.slice(position.loggedFailures))
    logger.error({ rule, subject, error: message }, 'a rule failed and is skipped on this subject')
  position.loggedFailures = failures.length
}

async function read(context: Context): Promise<Journaled[]> {
  const { journal, batch = 4096 } = context.options
  for (;;) {
    try {
      return await journal.read(context.position.applied, batch)
    } catch (error) {
      if (await waitForRetry(context, error, 'could not read the journal, will retry')) return []
    }
  }
}

/** Applies entries; returns the findings that are not published yet. */
function evaluate({ engine, position, counters }: Context, entries: readonly Journaled[]): Finding[] {
  const findings: Finding[] = []
  for (const entry of entries) {
    for (const finding of engine.apply(entry)) {
      if (finding.seq > position.published) findings.push(finding)
    }
    position.applied = entry.seq
  }
  counters.entries.add(undefined, entries.length)
  for (const { change, rule } of findings) counters.findings.add({ change, rule })
  return findings
}

/** Not while the engine replays entries whose findings are already published: new rules have not published theirs. */
async function applySwaps(context: Context): Promise<void> {
  const { options, position, swaps } = context
  if (position.applied < position.published) return
  for (let next = swaps.shift(); next; next = swaps.shift()) {
    const { change, done } = next
    try {
      await context.saving
      await saveSnapshot(context)
      await replaceEngine(change, { records: options.records, applied: position.applied })
      context.engine = change.engine
      position.loggedFailures = 0
      options.committed?.()
      done.resolve(position.applied)
    } catch (error) {
      done.reject(error)
    }
  }
}
