/** Promise 1: over kill -9 runs, every PUBACKed message is in the journal and later in history exactly once. */

import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { CommunityFileInput } from '../../model/community-file.ts'
import { buildTopic } from '../../model/topics.ts'
import { openDuckDbHistory } from '../../storage/history/duckdb/open.ts'
import { openJournalReader } from '../../storage/journal/reader.ts'
import { freePort, type HubProcess, spawnHub } from '../support/hub-process.ts'
import { type PersistentSender, startSender } from '../support/persistent-sender.ts'
import { smallCommunity } from '../support/small-community.ts'
import { until } from '../support/until.ts'
import { prepare, secretOf } from '../support/whole-hub.ts'

const DEVICES = 20
const EACH = 10_000
const KILLS = 20
const SEED = 20_261_124

const doors = Array.from({ length: DEVICES }, (_, index) => `door-${index + 1}`)
const community: CommunityFileInput = {
  ...smallCommunity,
  // One each: the rules of a home judge all its sensors together, and no home says 2,000 messages a second.
  homes: [
    ...(smallCommunity.homes ?? []),
    ...doors.map((id) => ({ id: `home-${id}`, building: 'b3', name: `Flat ${id}` })),
  ],
  devices: doors.map((id) => ({
    id,
    type: 'door',
    site: 'lotus',
    home: `home-${id}`,
    meta: { role: 'interior' as const },
  })),
}

/** Small and seeded, so that a failing run can be had again. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

/** Unacknowledged messages of a device at a time. */
const WINDOW = 50

const sendAll = (device: string, port: number): PersistentSender =>
  startSender({
    port,
    device,
    secret: secretOf(device),
    topic: buildTopic({ site: 'lotus', type: 'door', device, channel: 'telemetry' }),
    count: EACH,
    window: WINDOW,
    payload: (seq) =>
      JSON.stringify({ ts: new Date().toISOString(), seq, contact: seq % 2 === 0, openCount: seq }),
  })

test(`${DEVICES * EACH} messages and ${KILLS} kills: acknowledged is stored, once (seed ${SEED})`, async () => {
  const place = await prepare(community)
  onTestFinished(place.remove)
  const port = await freePort()
  const random = randomOf(SEED)
  let hub: HubProcess = await spawnHub(place, { mqttPort: port })
  onTestFinished(async () => void (await hub.end('SIGKILL')))
  const senders = doors.map((device) => sendAll(device, port))
  onTestFinished(() => {
    for (const sender of senders) sender.stop()
  })
  const acknowledged = (): number => senders.reduce((sum, sender) => sum + sender.acknowledged.size, 0)

  const before: number[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    const moment = ((kill + random()) / (KILLS + 1)) * DEVICES * EACH
    await until(`message ${Math.round(moment)}`, () => acknowledged() >= moment, 60_000)
    await hub.end('SIGKILL')
    before.push(acknowledged())
    hub = await spawnHub(place, { mqttPort: port })
  }
  // The kills came while messages were under way, not before or after.
  expect(new Set(before).size).toBe(KILLS)
  expect(before.at(-1)).toBeLessThan(DEVICES * EACH)

  await until('every message acknowledged', () => acknowledged() === DEVICES * EACH, 120_000)
  await until(
    'history has caught up',
    async () => /^linli_history_behind 0$/m.test(await (await fetch(`${hub.console}/metrics`)).text()),
    60_000,
  )
  expect(await hub.end('SIGTERM')).toBe(0)

  const reader = openJournalReader(join(place.dataDir, 'journal.db'))
  const seen = new Map(doors.map((device) => [device, [] as number[]]))
  for (let after = 0; ; ) {
    const page = reader.read(after, 20_000)
    for (const entry of page) {
      after = entry.seq
      if (entry.kind === 'telemetry') seen.get(entry.device)?.push(entry.messageSeq ?? 0)
    }
    if (page.length === 0) break
  }
  reader.close()
  const everything = Array.from({ length: EACH }, (_, index) => index + 1)
  const history = await openDuckDbHistory({ path: join(place.dataDir, 'history.duckdb') })
  onTestFinished(() => history.close())
  for (const device of doors) {
    expect(seen.get(device)?.toSorted((a, b) => a - b)).toEqual(everything)
    const span = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 2 * EACH }
    const points = await history.query({ device, type: 'door', field: 'openCount', ...span })
    expect(points.map(({ value }) => value).toSorted((a, b) => Number(a) - Number(b))).toEqual(everything)
  }
})
