/** Evaluates the rules on one simulated community, from its seed to its scores. */
import { loadRules } from '../app/files.ts'
import { buildDirectory } from '../community/directory.ts'
import { type CommunityFile, communityFile } from '../model/community-file.ts'
import type { CompiledRules } from '../rules/compile/compiled-rule.ts'
import { deliver, type PlannedDisturbance } from '../simulators/delivery.ts'
import type { Span } from '../simulators/faults/fault.ts'
import { faults } from '../simulators/faults/table.ts'
import { simulateMessages } from '../simulators/message-stream.ts'
import { scorecardCommunity } from './community.ts'
import { deliveryErrorOf, isCausedByDisturbance, scorecardDisturbances } from './disturbances.ts'
import { ruleFilter, type ScorecardPlan, type ScorecardPlanOptions, scorecardPlan } from './plan.ts'
import { detailsOf } from './report.ts'
import type { CommunityResult, SimulationResult } from './results.ts'
import { runSimulation } from './run.ts'
import { type Kinds, score } from './score.ts'

/** Plain data, so that it can be sent to a worker thread. */
export interface CommunityOptions {
  readonly seed: string
  readonly days: number
  readonly devices: number
  /** Number of faults, and of decoys, per rule. */
  readonly perRule: number
  /** Rules to evaluate, as in `--only`. */
  readonly only?: string
  /** Folder of rule files instead of the shipped ones. */
  readonly rules?: string
  /** Missed faults and false alerts to list per rule. */
  readonly list: number
}

const DAY_MS = 86_400_000
/** A Sunday, midnight in Shanghai. */
const START = Date.parse('2026-02-28T16:00:00Z')
const FIVE_MINUTES = 300_000
/** Report interval of mains devices without changes; faults are reported at once. */
const reportInterval = new Map(['streetlight', 'cabinet', 'gas'].map((type) => [type, FIVE_MINUTES]))

export type Progress = (day: number, messages: number) => void

/** Simulates a community, runs the rules on it and scores their alerts. @throws LinliError RULES_INVALID */
export function evaluateCommunity(options: CommunityOptions, progress?: Progress): CommunityResult {
  const wants = ruleFilter(options.only)
  const rules = selectRules(loadRules(options.rules ?? null), wants)
  const scenario = createScenario(options, wants)
  const result = runSimulation({
    rules,
    ...simulatedMessages(scenario, rules),
    progress: (now, messages) => progress?.(Math.round((now - START) / DAY_MS), messages),
  })
  const { plan, disturbances } = scenario
  const scores = score(
    result,
    {
      plan: plan.plan,
      deliveryErrorOf: (planned) => deliveryErrorOf(disturbances, planned),
      isCausedByDisturbance: (alert) => isCausedByDisturbance(disturbances, alert),
    },
    alertKindsOf(rules),
  )
  return {
    rules: scores.rules,
    falseVisits: scores.falseVisits,
    devices: result.devices,
    deviceDays: result.devices * result.days,
    residentMonths: (result.residents * result.days) / 30,
    messages: result.messages,
    details: detailsOf(scores, options.list),
    problems: problemsOf(plan, result),
  }
}

/** What is made to happen in a community: devices, planned faults and disturbances of their messages. */
interface Scenario {
  readonly seed: string
  readonly span: Span
  readonly community: CommunityFile
  readonly plan: ScorecardPlan
  readonly disturbances: readonly PlannedDisturbance[]
  readonly outages: readonly Span[]
}

function createScenario(
  { seed, days, devices, perRule }: CommunityOptions,
  wants: (ref: string) => boolean,
): Scenario {
  const span = { from: START, to: START + days * DAY_MS }
  const community = communityFile.parse(scorecardCommunity(seed, devices))
  const disturbances = scorecardDisturbances({ community, seed, ...span })
  const outages = disturbances.filter(({ disturbance }) => disturbance.isHubOutage)
  const plan = planFor({ community, seed, ...span, perRule, wants, outages })
  return { seed, span, community, plan, disturbances, outages }
}

/** The messages of a scenario as the hub receives them, with its directory, span and outages. */
function simulatedMessages(
  { seed, span, community, plan, disturbances, outages }: Scenario,
  rules: CompiledRules,
) {
  const sent = simulateMessages({
    community: observedBy(rules, community),
    seed,
    plan: plan.plan,
    minInterval: reportInterval,
    hubReturns: outages.map(({ to }) => to),
    ...span,
  })
  return {
    directory: buildDirectory(community),
    received: deliver(sent, { planned: disturbances, seed }),
    ...span,
    outages,
  }
}

/** Rules that complete work raise no alerts, so they have no kind to score. */
const alertKindsOf = ({ list }: CompiledRules): Kinds =>
  new Map(list.flatMap(({ ref, kind, completes }) => (completes ? [] : [[ref, kind] as const])))

const problemsOf = ({ short }: ScorecardPlan, { unread, failures }: SimulationResult): readonly string[] => [
  ...short.map(({ fault, wanted, placed }) => `only ${placed} of ${wanted} ${fault} could be placed`),
  ...Object.entries(unread).map(([what, count]) => `${count} messages rejected or read in part: ${what}`),
  ...failures.map((failure) => `rule failed: ${failure}`),
]

/**
 * Plans the faults of all rules and keeps the wanted ones, so that `--only` reproduces the faults of a full run. If the
 * wanted faults find no room beside the others, they are planned alone.
 */
function planFor(options: ScorecardPlanOptions): ScorecardPlan {
  const { wants } = options
  const whole = scorecardPlan({ ...options, wants: () => true })
  const isShort = whole.short.some(({ fault }) => wants(faults.get(fault)?.ref ?? ''))
  return isShort ? scorecardPlan(options) : { plan: whole.plan.filter(({ ref }) => wants(ref)), short: [] }
}

/** Removes devices whose type no rule evaluates. */
function observedBy({ list }: CompiledRules, community: CommunityFile): CommunityFile {
  const types = new Set(list.flatMap((rule) => [...rule.types]))
  return { ...community, devices: community.devices.filter(({ type }) => types.has(type)) }
}

const selectRules = ({ list, layouts }: CompiledRules, wants: (ref: string) => boolean): CompiledRules => ({
  list: list.filter(({ ref }) => wants(ref)),
  layouts,
})
