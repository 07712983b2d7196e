/** A simulated community with a known truth, through reading, rules and alerts: every fault noticed in time, nothing invented. */
import { describe, expect, test } from 'vitest'
import { createAlerts } from '../../alerts/alerts.ts'
import { alertOptions } from '../../alerts/options.ts'
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
import { makeCommunity } from '../../simulators/demo-community.ts'
import { faults } from '../../simulators/faults/table.ts'
import { makePlan, type Plan, type PlannedFault } from '../../simulators/plan.ts'
import { recordSimulation } from '../../simulators/record.ts'
import { memoryRecords } from '../support/memory-records.ts'

const HOUR = 3_600_000
const TICK = 5_000
const SWEEP = 60_000
const from = Date.parse('2026-03-01T04:00:00Z')
const whole = communityFile.parse(makeCommunity())

/** The simulation as the journal would hold it, with ticks. */
function* entriesOf(community: CommunityFile, plan: Plan, to: number): Generator<Entry> {
  const directory = buildDirectory(community)
  let tickAt = from
  for (const message of recordSimulation({ community, seed: 'x', plan, from, to })) {
    const receivedAt = Date.parse(message.receivedAt)
    for (; tickAt < receivedAt; tickAt += TICK) yield { kind: 'tick', receivedAt: tickAt }
    const read = readMessage({ topic: message.topic, payload: message.payload, receivedAt }, directory)
    if (read.kind !== 'entry' || read.dropped.length > 0)
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

function compare(alerts: readonly Alert[], plan: Plan) {
  const wanted = new Set<Alert>()
  const missed = plan.filter((planned) => {
    const found = alerts.filter((alert) => isAbout(alert, planned) && inTime(alert, planned))
    for (const alert of found) wanted.add(alert)
    return found.length !== 1
  })
  return { missed, unexpected: alerts.filter((alert) => !wanted.has(alert)) }
}

describe('a labelled simulation', () => {
  test('two days of every fault but the long silence: each is one alert in time, and nothing else stands by itself', async () => {
    const to = from + 48 * HOUR
    const only = [...faults.keys()].filter((name) => name !== 'no-door-opening')
    const plan = makePlan({ community: whole, seed: 's', from, to, meanGap: HOUR / 3, only })
    expect(new Set(plan.map((planned) => planned.fault))).toEqual(new Set(only))
    const alerts = await alertsOf(whole, plan, to)
    const { missed, unexpected } = compare(alerts, plan)
    expect(missed).toEqual([])
    // What the outage of a circuit does to its lamps is no alert of its own (promise 6): each was held under it.
    const outages = plan.filter((planned) => planned.fault === 'circuit-outage')
    const explained = unexpected.filter((alert) =>
      outages.some(
        ({ devices, from, to }) =>
          devices.includes(alert.device) && alert.raisedAt >= from && alert.raisedAt <= to,
      ),
    )
    expect(unexpected.filter((alert) => !explained.includes(alert))).toEqual([])
    expect(explained.length).toBeGreaterThan(0)
    for (const alert of explained) expect(alert.heldBy).not.toBeNull()
  })

  test('two days of silence in a home are noticed at 48 h, those who live as usual are left alone', async () => {
    const homes = { ...whole, devices: whole.devices.filter((device) => device.home) }
    const to = from + 4 * 24 * HOUR
    const plan = makePlan({
      community: homes,
      seed: 'h',
      from,
      to,
      meanGap: 4 * HOUR,
      only: ['no-door-opening'],
    })
    expect(plan.length).toBeGreaterThan(3)
    const alerts = await alertsOf(homes, plan, to)
    const { missed, unexpected } = compare(alerts, plan)
    expect(missed).toEqual([])
    expect(unexpected).toEqual([])
  })
})
