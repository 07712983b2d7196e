/** A simulated community with a known truth, through reading, rules and alerts: every fault noticed in time, nothing invented. */
import { describe, expect, test } from 'vitest'
import { createAlerts } from '../../alerts/alerts.ts'
import { alertOptions } from '../../alerts/options.ts'
import { figuresOf } from '../../commands/scorecard/figures.ts'
import { goalsOf, isReached } from '../../commands/scorecard/goals.ts'
import { runPart } from '../../commands/scorecard/part.ts'
import { buildDirectory } from '../../community/directory.ts'
import { readMessage } from '../../ingest/read-message.ts'
import type { Alert } from '../../model/alert.ts'
import { manualClock } from '../../model/clock.ts'
import { type CommunityFile, communityFile } from '../../model/community-file.ts'
import type { Entry } from '../../model/entry.ts'
import type { Finding } from '../../model/finding.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import { noMetrics } from '../../model/ports/metrics.ts'
import { compileRules } from '../../rules/compile-rules.ts'
import { createEngine } from '../../rules/engine/create-engine.ts'
import { libraryFolder, readRuleFolder } from '../../rules/library.ts'
import { consequencesOf } from '../../simulators/consequences.ts'
import { makeCommunity } from '../../simulators/demo-community.ts'
import { faults } from '../../simulators/faults/table.ts'
import { makePlan, type Plan, type PlannedFault } from '../../simulators/plan.ts'
import { recordSimulation } from '../../simulators/record.ts'
import { memoryRecords } from '../support/memory-records.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const TICK = 5_000
const SWEEP = 60_000
const from = Date.parse('2026-03-01T04:00:00Z')
const whole = communityFile.parse(makeCommunity())

/** The simulation as the journal would hold it, with ticks. */
function* entriesOf(community: CommunityFile, plan: Plan, to: number): Generator<Entry> {
  const directory = buildDirectory(community)
  const nonsense = new Set(plan.filter(({ fault }) => fault === 'nonsense').flatMap(({ devices }) => devices))
  let tickAt = from
  for (const message of recordSimulation({ community, seed: 'x', plan, from, to })) {
    const receivedAt = Date.parse(message.receivedAt)
    for (; tickAt < receivedAt; tickAt += TICK) yield { kind: 'tick', receivedAt: tickAt }
    const read = readMessage({ topic: message.topic, payload: message.payload, receivedAt }, directory)
    if (read.kind !== 'entry' || (read.dropped.length > 0 && !nonsense.has(read.entry.device)))
      throw new Error(`not read whole: ${JSON.stringify(message)}`)
    yield read.entry
  }
}

async function alertsOf(community: CommunityFile, plan: Plan, to: number): Promise<readonly Alert[]> {
  const directory = buildDirectory(community)
  const compiled = compileRules(readRuleFolder(libraryFolder))
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  const engine = createEngine({ rules: compiled.rules, directory })
  const records = memoryRecords()
  const clock = manualClock(from)
  const alerts = createAlerts(alertOptions.parse({}), {
    records,
    directory: () => directory,
    clock,
    logger: silentLogger,
    metrics: noMetrics,
    changed: () => {},
  })
  let seq = 0
  for (const entry of entriesOf(community, plan, to)) {
    clock.set(entry.receivedAt)
    const found: Finding[] = engine.apply({ ...entry, seq: ++seq })
    if (found.length > 0) await records.transaction((tx) => alerts.applyFindings(tx, found))
    if (entry.kind === 'tick' && entry.receivedAt % SWEEP === from % SWEEP)
      await alerts.sweep(entry.receivedAt)
  }
  return records.alerts.find({ limit: 100_000 })
}

const isAbout = (alert: Alert, planned: PlannedFault): boolean =>
  alert.ref === planned.ref && alert.devices.some((device) => planned.devices.includes(device))

const inTime = (alert: Alert, planned: PlannedFault): boolean =>
  alert.firstSeenAt >= planned.from && alert.firstSeenAt <= planned.expectRaisedBy

/** What a fault brings with it, as the table of consequences says, or what stands under a common cause. */
function isExplained(alert: Alert, plan: Plan): boolean {
  if (alert.heldBy !== null) return true
  return plan.some(
    (planned) =>
      !planned.decoy &&
      (planned.ref === alert.ref || consequencesOf(planned).has(alert.ref)) &&
      alert.devices.some((device) => planned.devices.includes(device)) &&
      alert.raisedAt >= planned.from - MINUTE &&
      alert.raisedAt <= planned.to + 15 * MINUTE,
  )
}

function compare(alerts: readonly Alert[], plan: Plan) {
  const missed = plan.filter(
    (planned) => !planned.decoy && !alerts.some((alert) => isAbout(alert, planned) && inTime(alert, planned)),
  )
  return { missed, unexpected: alerts.filter((alert) => !isExplained(alert, plan)) }
}

/** Faults that one day shows, on devices that need not be known for weeks. */
const brief = [...faults.values()].filter(({ lasts, learns }) => lasts[1] <= 6 * HOUR && learns === undefined)

describe('a labelled simulation', () => {
  test('two days of every brief fault and decoy, through the alert list: each in time, nothing else', async () => {
    const to = from + 48 * HOUR
    const only = brief.map(({ name }) => name)
    const plan = makePlan({ community: whole, seed: 's', from, to, meanGap: HOUR / 3, only })
    expect(plan.length).toBeGreaterThan(100)
    const alerts = await alertsOf(whole, plan, to)
    const { missed, unexpected } = compare(alerts, plan)
    expect(missed).toEqual([])
    expect(unexpected).toEqual([])
    // What the outage of a circuit does to its lamps is no alert of its own (promise 6).
    expect(alerts.some(({ ref, heldBy }) => ref === 'L2' && heldBy !== null)).toBe(true)
  })

  test('two days of silence in a home are noticed at 48 h, those who live as usual are left alone', async () => {
    const homes = { ...whole, devices: whole.devices.filter((device) => device.home) }
    const to = from + 4 * 24 * HOUR
    const only = ['no-door-opening']
    const plan = makePlan({ community: homes, seed: 'h', from, to, meanGap: 4 * HOUR, only })
    expect(plan.length).toBeGreaterThan(3)
    const alerts = await alertsOf(homes, plan, to)
    const { missed, unexpected } = compare(alerts, plan)
    expect(missed).toEqual([])
    expect(unexpected).toEqual([])
  })

  test('a short scorecard, with bad lines and clocks, reaches the goals that a short one can', () => {
    const part = runPart({ seed: 'short', days: 12, devices: 190, perRule: 4, list: 3 })
    const figures = figuresOf([part], { seed: 'short', days: 12 })
    const missed = goalsOf(figures).filter((goal) => !isReached(goal))
    expect(part.troubles.filter((line) => !line.endsWith('found room'))).toEqual([])
    expect({
      missed: missed.filter(({ name }) => !name.includes('labelled')),
      details: part.details,
    }).toMatchObject({
      missed: [],
    })
  }, 120_000)
})
