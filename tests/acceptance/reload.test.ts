/** The community file read again while the hub runs: refused whole with every problem, or taken whole. */
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { storeSecrets } from '../../commands/device.ts'
import type { Alert } from '../../model/alert.ts'
import type { DeviceSummary } from '../../model/api.ts'
import { systemClock } from '../../model/clock.ts'
import type { CommunityFileInput } from '../../model/community-file.ts'
import type { PublicUser } from '../../model/user.ts'
import { createFeedClient } from '../support/feed-client.ts'
import { freePort, spawnHub } from '../support/hub-process.ts'
import { smallCommunity } from '../support/small-community.ts'
import { until } from '../support/until.ts'
import {
  call,
  connectDevice,
  prepare,
  secretOf,
  signIn,
  startWholeHub,
  withRecordsOf,
} from '../support/whole-hub.ts'

const devices = smallCommunity.devices ?? []
const staff = smallCommunity.staff ?? []
const burning = () => ({ ts: new Date(systemClock.now()).toISOString(), temperature: 81 })

/** bin-1 is gone, bin-2 stands in another site, bin-3 is new; crew1 works for another crew. */
const changed: CommunityFileInput = {
  ...smallCommunity,
  sites: [
    ...smallCommunity.sites,
    { id: 'orchid', name: 'Orchid', timeZone: 'Asia/Shanghai', latitude: 31.2, longitude: 121.4 },
  ],
  devices: [
    ...devices.filter(({ id }) => id !== 'bin-1' && id !== 'bin-2'),
    { id: 'bin-2', type: 'bin', site: 'orchid' },
    { id: 'bin-3', type: 'bin', site: 'lotus', grid: 'east' },
  ],
  crews: [...(smallCommunity.crews ?? []), { id: 'cleaning', name: 'Cleaning' }],
  staff: staff.map((member) => (member.login === 'crew1' ? { ...member, crew: 'cleaning' } : member)),
}

async function runningHub() {
  const place = await prepare()
  onTestFinished(place.remove)
  const hub = await startWholeHub(place)
  onTestFinished(hub.stop)
  return { place, hub }
}

test('a broken file is refused with every problem; everybody goes on with the running one', async () => {
  const { place, hub } = await runningHub()
  const bin = await connectDevice(hub, place, 'bin-1')
  const broken = stringify({ ...changed, homes: [{ id: 'b9-1', building: 'b9', name: 'x' }] }).replace(
    'lamp-1\n',
    'lamp 1\n',
  )
  writeFileSync(place.communityPath, broken)

  const report = await hub.reload()
  const paths = report.ok ? [] : report.problems.map(({ path, line }) => [path, line !== undefined])
  expect(paths).toContainEqual(['homes[0].building', true])
  expect(paths).toContainEqual(['devices[3].id', true])
  expect(bin.client.connected).toBe(true)
  const cookie = await signIn(hub, 'duty')
  const known = (await call<DeviceSummary[]>(hub, cookie, '/devices')).map(({ id }) => id)
  expect(known).toEqual(devices.map(({ id }) => id))
  expect(await call<{ user: PublicUser }>(hub, await signIn(hub, 'crew1'), '/me')).toMatchObject({
    user: { crew: 'repair' },
  })

  writeFileSync(place.communityPath, 'sites: [')
  expect(await hub.reload()).toMatchObject({ ok: false })
  await bin.send('telemetry', burning())
  await until('the alert of the running file', async () =>
    (await call<Alert[]>(hub, cookie, '/alerts')).find(({ device }) => device === 'bin-1'),
  )
})

test('a right file is taken: devices that left or moved are cut off, new ones and staff count at once', async () => {
  const { place, hub } = await runningHub()
  const [gone, moved, stays] = [
    await connectDevice(hub, place, 'bin-1'),
    await connectDevice(hub, place, 'bin-2'),
    await connectDevice(hub, place, 'lift-1'),
  ]
  const crewFeed = createFeedClient({ url: hub.console, cookie: await signIn(hub, 'crew1') })
  await crewFeed.connected()
  const duty = await signIn(hub, 'duty')
  writeFileSync(place.communityPath, stringify(changed))
  expect(await hub.reload()).toEqual({ ok: true, added: 1, removed: 1, moved: 1 })

  await until('gone and moved cut off', () => !gone.client.connected && !moved.client.connected)
  expect(stays.client.connected).toBe(true)
  await until('the feed of another crew ended', () => crewFeed.endReason())
  const session = await call<{ user: PublicUser }>(hub, await signIn(hub, 'crew1'), '/me')
  expect(session.user.crew).toBe('cleaning')

  await expect(connectDevice(hub, place, 'bin-1')).rejects.toThrow(/refused/i)
  const now = { ...place, community: changed }
  await withRecordsOf(place.dataDir, (records) => storeSecrets(records, { 'bin-3': secretOf('bin-3') }))
  for (const id of ['bin-2', 'bin-3']) {
    const bin = await until(`${id} let in`, () => connectDevice(hub, now, id).catch(() => undefined))
    await bin.send('telemetry', burning())
    const alert = await until(`the alert of ${id}`, async () =>
      (await call<Alert[]>(hub, duty, '/alerts')).find(({ device }) => device === id),
    )
    expect(alert.ref).toBe('B4')
    await bin.end()
  }
  await stays.end()
})

test('SIGHUP reloads a hub of its own process and never ends it', async () => {
  const place = await prepare()
  onTestFinished(place.remove)
  const hub = await spawnHub(place, { mqttPort: await freePort() })
  onTestFinished(async () => void (await hub.end('SIGKILL')))
  if (!hub.child.stderr) throw new Error('the log is not piped')
  const logged = createInterface({ input: hub.child.stderr })

  writeFileSync(place.communityPath, 'sites: []\n')
  const refusal = once(logged, 'line')
  hub.child.kill('SIGHUP')
  expect(String((await refusal)[0])).toMatch(/community\.yaml:1:\d+ sites.*the running one stays/)

  writeFileSync(place.communityPath, stringify(changed))
  const duty = await signIn(hub, 'duty')
  await until('the new file', async () => {
    hub.child.kill('SIGHUP')
    return (await call<DeviceSummary[]>(hub, duty, '/devices')).some(({ id }) => id === 'bin-3')
  })
  expect(await hub.end('SIGTERM')).toBe(0)
})
