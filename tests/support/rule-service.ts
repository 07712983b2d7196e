/** The shipped rules with versions and trials over given records, for dashboards that have no running engine. */
import type { Journaled } from '../../model/entry.ts'
import type { Directory } from '../../model/ports/directory.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import type { Records } from '../../model/ports/records.ts'
import type { RuleTrials } from '../../model/rule-trial.ts'
import { compileRules } from '../../rules/compile/compile-rules.ts'
import {
  openRuleRegistry,
  type RuleRegistryDeps,
  type RunningRuleRegistry,
} from '../../rules/editor/rule-registry.ts'
import { createTrial } from '../../rules/editor/trial.ts'
import { createTrials, type RunTrial } from '../../rules/editor/trials.ts'
import { libraryFolder, readRuleFolder, templatesFolder } from '../../rules/library/read.ts'

export interface RuleDesk {
  readonly rules: RunningRuleRegistry
  readonly trials: RuleTrials
}

export interface RuleDeskDeps {
  readonly records: Records
  readonly directory: Directory
  readonly noteChange: RuleRegistryDeps['noteChange']
  /** Only the shipped rules of these ids; default all. */
  readonly only?: readonly string[]
  /** What a trial judges. */
  readonly entries?: readonly Journaled[]
}

/** A swap is its commit alone: nothing judges here. */
export async function openRuleDesk({
  records,
  directory,
  noteChange,
  only,
  entries = [],
}: RuleDeskDeps): Promise<RuleDesk> {
  const rules = await openRuleRegistry({
    records,
    directory,
    logger: silentLogger,
    files: () =>
      readRuleFolder(libraryFolder).filter(
        ({ source }) => only?.includes(source.replace('.yaml', '')) ?? true,
      ),
    templates: readRuleFolder(templatesFolder),
    run: async () => ({
      swap: ({ commit }) => records.transaction((tx) => commit(tx, 7)).then(() => 7),
      failures: () => [],
      behind: () => 0,
    }),
    noteChange,
  })
  const run: RunTrial = (job, events) => {
    const rulesOf = (text: string) => {
      const compiled = compileRules(
        [{ source: 'rule', text }],
        undefined,
        new Set(rules.list().map(({ id }) => id)),
      )
      if (!compiled.ok) throw new Error('refused')
      return compiled.rules
    }
    const current = job.current === undefined ? undefined : rulesOf(job.current)
    const trial = createTrial({ proposed: rulesOf(job.proposed), current, directory })
    for (const entry of entries) trial.apply(entry)
    const { from, to } = job
    const missing = { nothingBefore: null, valuesOnlyBefore: null, beganAt: null, endedAt: null }
    const timer = setTimeout(
      () => events.done({ from, to, entries: entries.length, ...trial.result(), missing }),
      400,
    )
    events.progress(0.5)
    return () => clearTimeout(timer)
  }
  return { rules, trials: createTrials({ registry: rules, run }) }
}
