/** Rules changed while the whole hub runs: nothing is lost, open alerts go on and say so, also over a restart. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Alert } from '../../model/alert.ts'
import type { AlertDetail } from '../../model/api.ts'
import { systemClock } from '../../model/clock.ts'
import type { RuleDetail, RuleSummary } from '../../model/rule-registry.ts'
import type { TrialState } from '../../model/rule-trial.ts'
import { libraryFolder } from '../../rules/library/read.ts'
import { smallCommunity } from '../support/small-community.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'
import { call, connectDevice, prepare, signIn, startWholeHub, type WholeHub } from '../support/whole-hub.ts'

const community = {
  ...smallCommunity,
  staff: [...(smallCommunity.staff ?? []), { login: 'chief', name: '督办员', role: 'supervisor' as const }],
}
const filled = (fillingLevel: number) => ({ ts: new Date(systemClock.now()).toISOString(), fillingLevel })

async function workplace(settings: Record<string, unknown> = {}) {
  const place = await prepare(community)
  onTestFinished(place.remove)
  const start = async (): Promise<WholeHub> => {
    const hub = await startWholeHub(place, { settings })
    onTestFinished(hub.stop)
    return hub
  }
  return { place, start }
}

async function put(hub: WholeHub, cookie: string, path: string, body: object): Promise<Response> {
  return fetch(`${hub.console}/api/v1${path}`, {
    method: 'PUT',
    body: JSON.stringify(body),
    headers: {
      ...{ cookie, origin: hub.console },
      ...{ 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    },
  })
}
const alertsOf = async (hub: WholeHub, cookie: string, rule: string): Promise<Alert[]> =>
  (await call<Alert[]>(hub, cookie, '/alerts')).filter((alert) => alert.rule === rule)

test('a threshold changed while alerts are open: they go on, say so, and end by the new one; a restart keeps it', async () => {
  const { place, start } = await workplace()
  const hub = await start()
  const chief = await signIn(hub, 'chief')
  const bins = [await connectDevice(hub, place, 'bin-1'), await connectDevice(hub, place, 'bin-2')]
  await bins[0]?.send('telemetry', filled(0.85))
  await bins[1]?.send('telemetry', filled(0.72))
  const [open] = await until('the full bin', async () => {
    const found = await alertsOf(hub, chief, 'bin-full')
    return found.length > 0 ? found : undefined
  })

  const rule = await call<RuleDetail>(hub, chief, '/rules/bin-full')
  const text = rule.text.replace(/full: [\d.]+/, 'full: 0.70').replace(/emptied: [\d.]+/, 'emptied: 0.60')
  const tried = await call<TrialState>(hub, chief, '/rules/bin-full/try', { text, days: 7 })
  expect(tried.state).toBe('running')
  const result = await until('the result of the trial', async () => {
    const { trial } = await call<{ trial: TrialState }>(hub, chief, '/rules/bin-full/trial')
    return trial.state === 'done' ? trial.result : undefined
  })
  expect(result).toMatchObject({ current: { count: 1 }, proposed: { count: 2 }, added: { count: 1 } })
  expect(result.added.newest[0]).toMatchObject({ device: 'bin-2' })

  const saved = await put(hub, chief, '/rules/bin-full', { text, reason: '本小区垃圾桶较小', base: 0 })
  expect(saved.status).toBe(200)
  const { afterSeq } = (await saved.json()) as { afterSeq: number }
  expect(afterSeq).toBeGreaterThan(0)
  await bins[1]?.send('telemetry', filled(0.73))
  await until('the other bin, by the new threshold', async () => (await alertsOf(hub, chief, 'bin-full'))[1])
  const detail = await call<AlertDetail>(hub, chief, `/alerts/${encodeURIComponent(open?.id ?? '')}`)
  expect(detail.alert.condition).toBe('active')
  expect(detail.timeline.map(({ action, actor, note }) => [action, actor, note])).toContainEqual([
    'rule-changed',
    'chief',
    'v1 · 本小区垃圾桶较小',
  ])
  for (const bin of bins) await bin.end()
  await hub.stop()

  const again = await start()
  const cookie = await signIn(again, 'chief')
  expect(await call<RuleDetail>(again, cookie, '/rules/bin-full')).toMatchObject({ version: 1, text })
  const bin = await connectDevice(again, place, 'bin-1')
  await bin.send('telemetry', filled(0.65))
  await bin.send('telemetry', filled(0.5))
  const over = await until('the end by the new threshold', async () => {
    const { alert } = await call<AlertDetail>(again, cookie, `/alerts/${encodeURIComponent(open?.id ?? '')}`)
    return alert.condition === 'cleared' ? alert : undefined
  })
  expect(over.id).toBe(open?.id)
  await bin.end()
})

test('a new rule: tried, it judges from the next message on; switched off it ends its alert; a restart keeps it', async () => {
  const { place, start } = await workplace()
  const hub = await start()
  const chief = await signIn(hub, 'chief')
  const bin = await connectDevice(hub, place, 'bin-1')
  await bin.send('telemetry', filled(0.5))
  const shipped = await call<RuleDetail>(hub, chief, '/rules/bin-full')
  const path = '/rules/bin-half-full'
  const text = shipped.text
    .replace('id: bin-full', 'id: bin-half-full')
    .replace(/full: [\d.]+/, 'full: 0.40')
    .replace(/emptied: [\d.]+/, 'emptied: 0.30')
  await call(hub, chief, `${path}/try`, { text, days: 1 })
  const tried = await until('the result of the trial', async () => {
    const { trial } = await call<{ trial: TrialState }>(hub, chief, `${path}/trial`)
    return trial.state === 'done' ? trial.result : undefined
  })
  expect(tried).toMatchObject({ current: { count: 0 }, proposed: { count: 1 }, missing: { endedAt: null } })

  const made = await put(hub, chief, path, { text, reason: '旺季提前清运', base: null })
  expect(await made.json()).toMatchObject({ rule: 'bin-half-full', version: 1 })
  expect(await alertsOf(hub, chief, 'bin-half-full')).toEqual([])
  await bin.send('telemetry', filled(0.51))
  const raised = await until('its alert', async () =>
    (await alertsOf(hub, chief, 'bin-half-full')).find(({ condition }) => condition === 'active'),
  )
  expect(raised).toMatchObject({ device: 'bin-1' })
  const off = await put(hub, chief, path, { text, reason: '旺季已过', base: 1, enabled: false })
  expect(off.status).toBe(200)
  await until('its end', async () => {
    const { alert } = await call<AlertDetail>(hub, chief, `/alerts/${encodeURIComponent(raised.id)}`)
    return alert.condition === 'cleared' ? alert : undefined
  })
  await bin.end()
  await hub.stop()

  const again = await start()
  const rule = await call<RuleDetail>(again, await signIn(again, 'chief'), path)
  expect(rule).toMatchObject({ version: 2, enabled: false, fileText: null, text })
})

test('rule files read again with the community file: a wrong one changes nothing, a right one is taken', async () => {
  const folder = temporaryFolder()
  for (const name of readdirSync(libraryFolder).filter((file) => file.endsWith('.yaml')))
    writeFileSync(join(folder, name), readFileSync(join(libraryFolder, name)))
  const { start } = await workplace({ rules: folder })
  const hub = await start()
  const duty = await signIn(hub, 'duty')
  const file = join(folder, 'bin-fire.yaml')
  const text = readFileSync(file, 'utf8')
  const running = async (): Promise<string> => (await call<RuleDetail>(hub, duty, '/rules/bin-fire')).text

  writeFileSync(file, text.replaceAll('temperature', 'heat'))
  expect(await hub.reload()).toMatchObject({ ok: true })
  expect(await running()).toBe(text)
  const fixed = text.replace(/severity: critical/, 'severity: high')
  writeFileSync(file, fixed)
  await hub.reload()
  expect(await running()).toBe(fixed)
  const list = await call<RuleSummary[]>(hub, duty, '/rules')
  expect(list.find(({ id }) => id === 'bin-fire')).toMatchObject({ severity: 'high', version: 0 })
})
