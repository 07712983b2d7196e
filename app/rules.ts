/** Third stage: rules evaluate the journal; their findings become alerts and cases in the same transaction. */
import { type Alerts, createAlerts } from '../alerts/alerts.ts'
import { type Cases, createCases } from '../cases/cases.ts'
import type { Directory } from '../model/ports/directory.ts'
import type { History } from '../model/ports/history.ts'
import type { RuleTrials } from '../model/rule-trial.ts'
import type { CompiledRules } from '../rules/compile/compiled-rule.ts'
import { openRuleRegistry, type RunningRuleRegistry } from '../rules/editor/rule-registry.ts'
import { createTrials } from '../rules/editor/trials.ts'
import { createEngine } from '../rules/engine/engine.ts'
import { readRuleFolder, templatesFolder } from '../rules/library/read.ts'
import { createRuleRunner, type RuleRunner } from '../rules/runner/runner.ts'
import type { Config } from './config.ts'
import { readRules } from './files.ts'
import { createTrialRunner } from './rule-trial/run-trial.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import type { Stores } from './stores.ts'

export interface Rules {
  readonly alerts: Alerts
  readonly cases: Cases
  /** The rules, their versions and edits; runs the active ones. */
  readonly registry: RunningRuleRegistry
  readonly trials: RuleTrials
}

export interface RulesDeps {
  readonly runtime: Runtime
  readonly stores: Stores
  readonly directory: Directory
  readonly history: Pick<History, 'query'>
}

/** Throws RULES_INVALID when a rule file is invalid. */
export async function startRules(config: Config, deps: RulesDeps, scope: Scope): Promise<Rules> {
  const { runtime, stores, directory, history } = deps
  const { records } = stores
  const room = { ...runtime, records, directory: () => directory, changed: runtime.changes.emit }
  const alerts = createAlerts(config.alerts, room)
  const cases = createCases(config.cases, room)
  const registry = await openRuleRegistry({
    records,
    directory,
    logger: runtime.logger,
    files: () => readRules(config.rules),
    templates: readRuleFolder(templatesFolder),
    noteChange: alerts.noteRuleChange,
    run: (rules) => startRunner(rules, { ...deps, alerts, cases }, scope),
  })
  const run = createTrialRunner({ directory: () => directory, history, journalPath: stores.paths.journal })
  const trials = createTrials({ registry, run })
  scope.defer('rule trials', trials.stop)
  return { alerts, cases, registry, trials }
}

async function startRunner(
  rules: CompiledRules,
  { runtime, stores, directory, alerts, cases }: RulesDeps & Pick<Rules, 'alerts' | 'cases'>,
  scope: Scope,
): Promise<RuleRunner> {
  const runner = createRuleRunner({
    ...runtime,
    ...stores,
    engine: createEngine({ rules, directory }),
    async onFindings(tx, findings) {
      await alerts.applyFindings(tx, findings)
      await cases.applyFindings(tx, findings)
    },
    committed: runtime.changes.emit,
  })
  await runner.start()
  scope.defer('rules', () => runner.stop())
  return runner
}
