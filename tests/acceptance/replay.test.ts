/** Promise 4: the same log gives the same alerts, byte for byte, through real sockets and in a backtest. */

import { once } from 'node:events'
import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import type { Alert } from '../../model/alert.ts'
import { replayClock } from '../../model/clock.ts'
import { communityFile } from '../../model/community-file.ts'
import { formatRecorded } from '../../model/recorded-log.ts'
import { makeCommunity } from '../../simulators/demo-community.ts'
import { makePlan } from '../../simulators/plan.ts'
import { recordSimulation } from '../../simulators/record.ts'
import { freePort, spawnHub } from '../support/hub-process.ts'
import { runCommand } from '../support/run-command.ts'
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

test('hours of a simulated community with faults: replayed over MQTT = backtest', async () => {
  const place = await prepare(written)
  onTestFinished(place.remove)
  const log = join(place.folder, 'log.jsonl')
  const secrets = join(place.folder, 'secrets.json')
  const community = communityFile.parse(written)
  const plan = makePlan({ community, seed: 'replay', from, to, meanGap: 12 * 60_000, longest: 30 * 60_000 })
  expect(plan.length).toBeGreaterThan(8)
  const out = createWriteStream(log)
  let lines = 0
  for (const message of recordSimulation({ community, seed: 'replay', plan, from, to })) {
    out.write(`${formatRecorded(message)}\n`)
    lines++
  }
  out.end()
  await once(out, 'finish')
  writeFileSync(
    secrets,
    JSON.stringify(Object.fromEntries(community.devices.map(({ id }) => [id, secretOf(id)]))),
  )
  writeFileSync(place.communityPath, stringify(written))

  const backtest = await runCommand(['backtest', '--log', log, '--community', place.communityPath, '--json'])
  expect(backtest).toMatchObject({ code: 0, stderr: '' })
  const expected = backtest.stdout.trim().split('\n')
  expect(expected.length).toBeGreaterThan(8)

  const hub = await spawnHub(place, { mqttPort: await freePort(), more: ['--clock', 'replay'] })
  onTestFinished(async () => void (await hub.end('SIGKILL')))
  const replayed = await runCommand(['replay', '--log', log, '--secrets', secrets, '--url', hub.mqtt])
  expect(JSON.parse(replayed.stdout)).toMatchObject({ stored: lines, bad: 0 })
  await until('everything judged', async () =>
    /^linli_rules_behind 0$/m.test(await (await fetch(`${hub.console}/metrics`)).text()),
  )
  const alerts = await call<Alert[]>(hub, await signIn(hub, 'duty'), '/alerts?state=all&limit=1000')
  expect(alerts.toSorted(byTime).map(lineOf)).toEqual(expected)
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
