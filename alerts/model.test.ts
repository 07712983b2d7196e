/** A state-machine model test: random findings, commands, time and commits; the promises hold after each step. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Alert, isOpen } from '../model/alert.ts'
import { manualClock } from '../model/clock.ts'
import { LinliError } from '../model/errors.ts'
import type { Finding, FindingChange } from '../model/finding.ts'
import { silentLogger } from '../model/ports/logger.ts'
import { noMetrics } from '../model/ports/metrics.ts'
import { severities } from '../model/severity.ts'
import { context, device, directoryOf, finding } from '../tests/support/alert-fixtures.ts'
import { memoryRecords } from '../tests/support/memory-records.ts'
import { type Alerts, createAlerts } from './alerts.ts'
import { acknowledgementMs } from './expire.ts'
import { alertOptions } from './options.ts'

const episodes = ['lamp-1', 'lamp-2', 'lamp-3', 'circuit'] as const
const options = alertOptions.parse({})

type Step =
  | { readonly do: 'hear'; readonly finding: Finding; readonly twice: boolean }
  | { readonly do: 'command'; readonly name: Command; readonly episode: string }
  | { readonly do: 'wait'; readonly ms: number }
type Command = 'acknowledge' | 'unacknowledge' | 'shelve' | 'reopen' | 'clear'

function heard(episode: string, change: FindingChange, rest: { at: number; over: boolean; rank: number }) {
  const cause = episode === 'circuit'
  return finding({
    episode,
    change,
    rule: cause ? 'circuit-out' : 'dark',
    device: cause ? 'lamp-1' : episode,
    ...(cause ? { devices: ['lamp-1', 'lamp-2', 'lamp-3'], inhibits: ['dark'] } : {}),
    severity: severities[rest.rank] ?? 'low',
    startedAt: 1_000,
    raisedAt: 1_000,
    at: 1_000 + rest.at,
    ended: change === 'ended' || change === 'retracted' || (change === 'corrected' && rest.over),
  })
}

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        episode: fc.constantFrom(...episodes),
        change: fc.constantFrom<FindingChange[]>(
          'began',
          'began',
          'severity',
          'ended',
          'retracted',
          'corrected',
        ),
        at: fc.nat(5_000),
        over: fc.boolean(),
        rank: fc.nat(3),
        twice: fc.boolean(),
      })
      .map(({ episode, change, twice, ...rest }) => ({
        do: 'hear' as const,
        finding: heard(episode, change, rest),
        twice,
      })),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('command' as const),
      name: fc.constantFrom<Command[]>(
        'acknowledge',
        'acknowledge',
        'unacknowledge',
        'shelve',
        'reopen',
        'clear',
      ),
      episode: fc.constantFrom(...episodes),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(5 * 3_600_000) }) },
)

async function command(
  alerts: Alerts,
  { name, episode }: Step & { do: 'command' },
  now: number,
): Promise<void> {
  const who = context('duty-officer', now, 'because')
  try {
    if (name === 'shelve') await alerts.shelve(episode, now + 3_600_000, who)
    else await alerts[name](episode, who)
  } catch (error) {
    if (!(error instanceof LinliError) || !['CONFLICT', 'NOT_FOUND'].includes(error.code)) throw error
  }
}

function checkAlert(alert: Alert, all: ReadonlyMap<string, Alert>, now: number): void {
  expect(alert.condition === 'cleared').toBe(alert.clearedAt !== null)
  expect(alert.attention === 'acknowledged').toBe(alert.acknowledgedAt !== null)
  expect(alert.shelvedUntil === null).toBe(alert.shelvedReason === null)
  if (alert.condition === 'cleared') expect(alert.shelvedUntil).toBeNull()
  if (alert.condition === 'active') expect(alert.retracted).toBe(false)
  if (alert.severity === 'critical') {
    expect(alert.condition === 'active' && alert.inhibitedBy !== null).toBe(false)
    expect(alert.shelvedUntil).toBeNull()
  }
  const cause = alert.inhibitedBy === null ? undefined : all.get(alert.inhibitedBy)
  const inGrace =
    cause?.clearedAt !== null && now - (cause?.clearedAt ?? 0) < options.releaseGraceSeconds * 1000
  // What is active is held by something active or just over, and nothing open is listed under what has left the list.
  if (cause && alert.condition === 'active') expect(cause.condition === 'active' || inGrace).toBe(true)
  if (cause && isOpen(alert)) expect(isOpen(cause) || inGrace).toBe(true)
  if (
    alert.condition === 'active' &&
    alert.acknowledgedAt !== null &&
    !alert.inhibitedBy &&
    !alert.shelvedUntil
  )
    expect(now - alert.acknowledgedAt).toBeLessThan(acknowledgementMs(alert, options.acknowledgementMinutes))
}

test('after any steps: consistent axes, critical in sight, nothing lost under a cause, a gap-free log', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 60, size: 'max' }), async (run) => {
      const records = memoryRecords()
      const clock = manualClock(10_000)
      const directory = directoryOf(['lamp-1', 'lamp-2', 'lamp-3'].map((id) => device(id)))
      const alerts = createAlerts(options, {
        records,
        directory: () => directory,
        clock,
        logger: silentLogger,
        metrics: noMetrics,
        changed: () => {},
      })
      const hear = (one: Finding) => records.transaction((tx) => alerts.applyFindings(tx, [one]))
      for (const step of run) {
        if (step.do === 'wait') clock.advance(step.ms)
        if (step.do === 'command') await command(alerts, step, clock.now())
        if (step.do === 'hear') {
          await hear(step.finding)
          // The same finding again says nothing new, except that what was retracted may begin again.
          if (step.twice) expect(await hear(step.finding)).toBe(0)
        }
        await alerts.sweep(clock.now())
        const all = new Map<string, Alert>()
        for (const id of episodes) {
          const alert = await records.alerts.get(id)
          if (alert) all.set(id, alert)
        }
        for (const alert of all.values()) checkAlert(alert, all, clock.now())
      }
      const log = await records.changes.after(0, 10_000)
      const last = new Map<string, unknown>()
      for (const [index, change] of log.entries()) {
        expect(change.seq).toBe(index + 1)
        expect(change.prevSeq).toBe(index)
        last.set(change.after.id, change.after)
      }
      for (const [id, after] of last) expect(await records.alerts.get(id)).toEqual(after)
    }),
    { numRuns: 300 },
  )
})
