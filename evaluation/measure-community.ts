/** One community of the scorecard, from its seed to its figures. */

import { loadRules } from '../app/files.ts'
import { buildDirectory } from '../community/directory.ts'
import { type CommunityFile, communityFile } from '../model/community-file.ts'
import type { CompiledRules } from '../rules/compile/compiled-rule.ts'
import { deliver } from '../simulators/delivery.ts'
import { faults } from '../simulators/faults/table.ts'
import { hearSimulation } from '../simulators/message-stream.ts'
import { chosenBy } from './choice.ts'
import { scorecardCommunity } from './community.ts'
import { isBrought, scorecardDisturbances, troubleOf } from './disturbances.ts'
import type { RuleScore } from './measured.ts'
import { type ScorecardPlan, type ScorecardPlanOptions, scorecardPlan } from './plan.ts'
import { detailsOf } from './report.ts'
import { runSimulation } from './run.ts'
import { score } from './score.ts'

/** Plain data: it goes to a thread of its own. */
export interface PartOptions {
  readonly seed: string
  readonly days: number
  readonly devices: number
  /** Faults, and decoys, of each rule. */
  readonly perRule: number
  /** As `--only`. */
  readonly only?: string
  /** Folder of rule files instead of the shipped ones. */
  readonly rules?: string
  /** Missed faults and false alerts told of each rule. */
  readonly list: number
}

/** Plain data as well. */
export interface Part {
  readonly rules: readonly RuleScore[]
  readonly falseVisits: number
  readonly devices: number
  readonly deviceDays: number
  readonly residentMonths: number
  readonly messages: number
  /** Missed faults and false alerts, in words. */
  readonly details: readonly string[]
  /** What kept the run from being what it should be: faults without room, messages not read, rules that threw. */
  readonly troubles: readonly string[]
}

const DAY_MS = 86_400_000
/** A Sunday, midnight in Shanghai. */
const START = Date.parse('2026-02-28T16:00:00Z')
const FIVE_MINUTES = 300_000
/** Mains devices with nothing new to tell report every five minutes, as most do; a fault tells itself at once. */
const pace = new Map(['streetlight', 'cabinet', 'gas'].map((type) => [type, FIVE_MINUTES]))

export type Progress = (day: number, messages: number) => void

/** @throws LinliError RULES_INVALID */
export function runPart(options: PartOptions, progress?: Progress): Part {
  const { seed, perRule } = options
  const wants = chosenBy(options.only)
  const span = { from: START, to: START + options.days * DAY_MS }
  const community = communityFile.parse(scorecardCommunity(seed, options.devices))
  const disturbed = scorecardDisturbances({ community, seed, ...span })
  const deaf = disturbed.filter(({ disturbance }) => disturbance.deafens)
  const { plan, short } = planFor({ community, seed, ...span, perRule, wants, deaf })
  const rules = rulesOf(loadRules(options.rules ?? null), wants)
  const kinds = new Map(
    rules.list.flatMap(({ ref, kind, completes }) => (completes ? [] : [[ref, kind] as const])),
  )
  const world = {
    community: heardBy(rules, community),
    seed,
    plan,
    pace,
    reconnects: deaf.map(({ to }) => to),
  }
  const measured = runSimulation({
    rules,
    directory: buildDirectory(community),
    heard: deliver(hearSimulation({ ...world, ...span }), { planned: disturbed, seed }),
    ...span,
    deaf,
    progress: (now, messages) => progress?.(Math.round((now - START) / DAY_MS), messages),
  })
  const result = score(
    measured,
    {
      plan,
      troubleOf: (planned) => troubleOf(disturbed, planned),
      isBrought: (told) => isBrought(disturbed, told),
    },
    kinds,
  )
  return {
    rules: result.rules,
    falseVisits: result.falseVisits,
    devices: measured.devices,
    deviceDays: measured.devices * measured.days,
    residentMonths: (measured.residents * measured.days) / 30,
    messages: measured.messages,
    details: detailsOf(result, options.list),
    troubles: [
      ...short.map(({ fault, wanted, placed }) => `only ${placed} of ${wanted} ${fault} found room`),
      ...Object.entries(measured.unread).map(([what, count]) => `${count} messages not read whole: ${what}`),
      ...measured.failures.map((failure) => `rule failed: ${failure}`),
    ],
  }
}

/**
 * Placed as if all faults were wanted, so that what a few rules do in a whole run is seen again in a short one; where they
 * find no room among all the others, as if they were alone.
 */
function planFor(options: ScorecardPlanOptions): ScorecardPlan {
  const { wants } = options
  const whole = scorecardPlan({ ...options, wants: () => true })
  const isShort = whole.short.some(({ fault }) => wants(faults.get(fault)?.ref ?? ''))
  return isShort ? scorecardPlan(options) : { plan: whole.plan.filter(({ ref }) => wants(ref)), short: [] }
}

/** Without the devices that no rule hears. */
function heardBy({ list }: CompiledRules, community: CommunityFile): CommunityFile {
  const heard = new Set(list.flatMap(({ types }) => [...types]))
  return { ...community, devices: community.devices.filter(({ type }) => heard.has(type)) }
}

const rulesOf = ({ list, layouts }: CompiledRules, wants: (ref: string) => boolean): CompiledRules => ({
  list: list.filter(({ ref }) => wants(ref)),
  layouts,
})
