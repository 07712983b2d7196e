/**
 * Drives the engine from the journal: reads after its cursor, and commits what the findings do together with the
 * cursor (docs/decisions/0001). After a restart the state is as of the last snapshot; what was decided since then is
 * decided again and not told again.
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
  waitAfter,
} from './context.ts'
import { saveSnapshot, saveSnapshotWhenDue } from './save-snapshot.ts'
import { createWake } from './signal.ts'
import { type EngineSwap, takeOver } from './swap.ts'

export type { RuleRunnerOptions } from './context.ts'

export interface RuleRunner {
  /** Resolves when the state is restored and judging has begun. */
  start(): Promise<void>
  /** Resolves when the last batch is committed together with a snapshot. */
  stop(): Promise<void>
  /** Entries of the journal that are not judged yet. */
  behind(): number
  /**
   * Between two entries the new engine takes over what the former remembers, and goes on with the next one: nothing is
   * lost, nothing is told twice. Resolves with the seq from which it judges. Rejects with what `commit` threw, or when
   * the runner has stopped.
   */
  swap(change: EngineSwap): Promise<number>
  /** Rules that failed on some subject and are passed over there, since the start or the last swap. */
  failures(): readonly RuleFailure[]
}

/** Without findings the cursor is committed at most so often, ms. */
const cursorEvery = 1000

export function createRuleRunner(options: RuleRunnerOptions): RuleRunner {
  const { journal, records, metrics } = options
  const position: Position = {
    applied: 0,
    told: 0,
    committed: 0,
    cursorDue: false,
    snapshotDue: false,
    failuresKnown: 0,
    skippedTurns: 0,
  }
  const stop = new AbortController()
  const context: Context = {
    options,
    engine: options.engine,
    swaps: [],
    wake: createWake(stop.signal),
    position,
    counters: createCounters(metrics),
    saving: undefined,
    abandoned: undefined,
    stopping: stop.signal,
  }
  const behind = (): number => Math.max(0, journal.lastSeq() - position.applied)
  let running: Promise<void> | undefined
  metrics.gauge('linli_rules_behind', 'Entries of the journal that rules have not judged yet', behind)
  metrics.gauge(
    'linli_rules_broken',
    'Rules that failed on some subject and are passed over there, at most 100 of them',
    () => context.engine.stats().failures.length,
  )

  return {
    async start() {
      position.applied = await records.cursors.get(rulesStateCursor)
      position.told = await records.cursors.get(rulesCursor)
      await records.ruleState.dropStaged()
      context.engine.restore(await records.ruleState.load(), position.told)
      position.committed = position.told
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
      context.wake.call()
      return done.promise
    },
    failures: () => context.engine.stats().failures,
  }
}

const stopped = (): LinliError => new LinliError('CONFLICT', 'the rules do not run')

/** The journal must reach back to the state; when it was trimmed too far, time has passed unseen. */
function warnOfGap({ options: { journal, logger }, position }: Context): void {
  const first = journal.firstSeq()
  if (first > position.applied + 1) {
    logger.warn({ from: position.applied + 1, to: first - 1 }, 'entries are gone that rules had not judged')
  }
}

async function run(context: Context): Promise<void> {
  const { options, position, stopping, wake } = context
  const cancels = [
    options.journal.onAppend(wake.call),
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
      if (entries.length === 0) await wake.wait()
      else await nextTurn()
    }
    await context.saving
    if (position.applied > 0) await saveSnapshot(context)
  } catch (error) {
    options.logger.error({ error: messageOf(error) }, 'the last state of the rules could not be stored')
  } finally {
    // The records may be closed after this.
    await context.saving?.catch(() => undefined)
    for (const cancel of cancels) cancel()
    for (const { done } of context.swaps.splice(0)) done.reject(stopped())
  }
}

/** A rule that fails somewhere watches nobody there: that must not stay in a metric alone. */
function logFailures({ options: { logger }, engine, position }: Context): void {
  const { failures } = engine.stats()
  for (const { rule, subject, message } of failures.slice(position.failuresKnown))
    logger.error({ rule, subject, error: message }, 'a rule failed and is passed over there')
  position.failuresKnown = failures.length
}

async function read(context: Context): Promise<Journaled[]> {
  const { journal, batch = 4096 } = context.options
  for (;;) {
    try {
      return await journal.read(context.position.applied, batch)
    } catch (error) {
      if (await waitAfter(context, error, 'the journal could not be read')) return []
    }
  }
}

/** Findings that have not been told before. */
function evaluate({ engine, position, counters }: Context, entries: readonly Journaled[]): Finding[] {
  const findings: Finding[] = []
  for (const entry of entries) {
    for (const finding of engine.apply(entry)) {
      if (finding.seq > position.told) findings.push(finding)
    }
    position.applied = entry.seq
  }
  counters.entries.add(undefined, entries.length)
  for (const { change, rule } of findings) counters.findings.add({ change, rule })
  return findings
}

/** Not while findings of former entries are passed over because they were told: other rules have not told them. */
async function applySwaps(context: Context): Promise<void> {
  const { options, position, swaps } = context
  if (position.applied < position.told) return
  for (let next = swaps.shift(); next; next = swaps.shift()) {
    const { change, done } = next
    try {
      await context.saving
      await saveSnapshot(context)
      await takeOver(change, { records: options.records, applied: position.applied })
      context.engine = change.engine
      position.failuresKnown = 0
      options.committed?.()
      done.resolve(position.applied)
    } catch (error) {
      done.reject(error)
    }
  }
}
