/** Promise 4: the same log gives the same alerts, byte for byte, through real sockets and in a backtest. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Alert } from '../../model/alert.ts'
import { replayClock } from '../../model/clock.ts'
import { type CommunityFileInput, communityFile } from '../../model/community-file.ts'
import { formatRecorded } from '../../model/recorded-log.ts'
import { buildTopic } from '../../model/topics.ts'
import { makeCommunity } from '../../simulators/demo/community.ts'
import { makePlan } from '../../simulators/plan.ts'
import { recordSimulation } from '../../simulators/record.ts'
import { freePort, spawnHub } from '../support/hub-process.ts'
import { runCommand } from '../support/run-command.ts'
import { smallCommunity } from '../support/small-community.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'
import { call, connectDevice, prepare, secretOf, signIn, startWholeHub } from '../support/whole-hub.ts'

const HOUR = 3_600_000
const from = Date.UTC(2026, 2, 1, 8)
const to = from + 5 * HOUR

/** A small community with many faults in a few hours. */
const written = makeCommunity({
  seed: 'replay',
  sites: 1,
  gridsPerSite: 1,
  buildingsPerGrid: 2,
  homesPerBuilding: 1,
  circuitsPerGrid: 1,
  lampsPerCircuit: 4,
  binsPerGrid: 2,
})

const byTime = (a: Alert, b: Alert): number =>
  a.raisedAt - b.raisedAt || (`${a.rule} ${a.device}` < `${b.rule} ${b.device}` ? -1 : 1)
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

/** An alert of the console in the form of `backtest --json`. */
const lineOf = ({ rule, ref, device, place, kind, severity, raisedAt, clearedAt, reason }: Alert): string =>
  JSON.stringify({
    ...{ rule, ref, device, place: place.en, kind, severity },
    ...{ raisedAt: iso(raisedAt), clearedAt: iso(clearedAt), reason: reason.en },
  })

/** Plays the log to a hub over MQTT and asks it for its alerts; returns both sides as lines. */
async function bothWays(community: CommunityFileInput, log: string) {
  const place = await prepare(community)
  onTestFinished(place.remove)
  const words = ['backtest', '--log', log, '--community', place.communityPath, '--json']
  const backtest = await runCommand(words)
  expect(backtest).toMatchObject({ code: 0, stderr: '' })

  const secrets = join(place.folder, 'secrets.json')
  const ids = (community.devices ?? []).map(({ id }) => id)
  writeFileSync(secrets, JSON.stringify(Object.fromEntries(ids.map((id) => [id, secretOf(id)]))))
  const hub = await spawnHub(place, { mqttPort: await freePort(), more: ['--clock', 'replay'] })
  onTestFinished(async () => void (await hub.end('SIGKILL')))
  const replayed = await runCommand(['replay', '--log', log, '--secrets', secrets, '--url', hub.mqtt])
  await until('everything judged', async () =>
    /^linli_rules_behind 0$/m.test(await (await fetch(`${hub.console}/metrics`)).text()),
  )
  const alerts = await call<Alert[]>(hub, await signIn(hub, 'duty'), '/alerts?state=all&limit=1000')
  return {
    report: JSON.parse(replayed.stdout) as { stored: number; bad: number },
    expected: backtest.stdout.trim().split('\n'),
    live: alerts.toSorted(byTime).map(lineOf),
  }
}

test('hours of a simulated community with faults: replayed over MQTT = backtest', async () => {
  const log = join(temporaryFolder(), 'log.jsonl')
  const community = communityFile.parse(written)
  const plan = makePlan({
    community,
    seed: 'replay',
    from,
    to,
    meanGap: 12 * 60_000,
    maxDuration: 30 * 60_000,
  })
  expect(plan.length).toBeGreaterThan(8)
  const lines = [...recordSimulation({ community, seed: 'replay', plan, from, to })].map(formatRecorded)
  writeFileSync(log, `${lines.join('\n')}\n`)
  const { report, expected, live } = await bothWays(written, log)
  expect(report).toMatchObject({ stored: lines.length, bad: 0 })
  expect(expected.length).toBeGreaterThan(8)
  expect(live).toEqual(expected)
})

test('alerts whose severity goes up, down and up again: replayed over MQTT = backtest', async () => {
  const log = join(temporaryFolder(), 'log.jsonl')
  const topic = buildTopic({ site: 'lotus', type: 'bin', device: 'bin-1', channel: 'telemetry' })
  const lines = [0.85, 0.97, 0.82, 0.1, 0.97, 0.85, 0.3, 0.9, 0.99].map((fillingLevel, hour) => {
    const receivedAt = new Date(from + hour * HOUR).toISOString()
    return formatRecorded({ receivedAt, topic, payload: { ts: receivedAt, seq: hour + 1, fillingLevel } })
  })
  writeFileSync(log, `${lines.join('\n')}\n`)
  const { expected, live } = await bothWays(smallCommunity, log)
  const severities = expected.filter((line) => line.includes('"B1"')).map((line) => JSON.parse(line).severity)
  expect(severities).toEqual(['low', 'low', 'high'])
  expect(live).toEqual(expected)
})

test('a replayed hub that starts again goes on at the time at which its journal ends', async () => {
  const place = await prepare()
  onTestFinished(place.remove)
  const start = async () => {
    const clock = replayClock()
    const settings = { clock: 'replay' }
    const hub = await startWholeHub(place, { clock, observeTime: clock.observe, settings })
    onTestFinished(hub.stop)
    return hub
  }
  const alerts = async (hub: Awaited<ReturnType<typeof start>>) =>
    await call<Alert[]>(hub, await signIn(hub, 'duty'), '/alerts')
  const first = await start()
  const bin = await connectDevice(first, place, 'bin-1')
  await bin.send('telemetry', { ts: new Date(from).toISOString(), seq: 1, temperature: 81 })
  await bin.end()
  await until('the fire is seen', async () => (await alerts(first)).length === 1)
  await first.stop()
  const second = await start()
  const [fire] = await alerts(second)
  const path = `/alerts/${encodeURIComponent(fire?.id ?? '')}/acknowledge`
  await call(second, await signIn(second, 'duty'), path, {})
  expect(await alerts(second)).toMatchObject([{ firstSeenAt: from, acknowledgedAt: from }])
})
