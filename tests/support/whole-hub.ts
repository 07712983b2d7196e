/** The whole hub over real sockets and real stores, on free ports and temporary data; what acceptance tests talk to. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'
import { stringify } from 'yaml'
import { loadConfig } from '../../app/config.ts'
import { type Hub, startHub } from '../../app/hub.ts'
import { storeSecrets } from '../../commands/device.ts'
import { hashPassword } from '../../dashboard/server/passwords.ts'
import { type Clock, systemClock } from '../../model/clock.ts'
import type { CommunityFileInput } from '../../model/community-file.ts'
import { silentLogger } from '../../model/ports/logger.ts'
import type { Records } from '../../model/ports/records.ts'
import { buildTopic, type Channel } from '../../model/topics.ts'
import { openSqliteRecords } from '../../storage/records/sqlite-records.ts'
import { smallCommunity } from './small-community.ts'

export const staffPassword = 'right-horse-battery'
export const secretOf = (device: string): string => `secret-of-${device}-0123456789`

export interface Workplace {
  readonly folder: string
  readonly dataDir: string
  readonly communityPath: string
  readonly community: CommunityFileInput
  remove(): void
}

/** A data folder with the community's devices and staff ready to sign in. */
export async function prepare(community: CommunityFileInput = smallCommunity): Promise<Workplace> {
  const folder = mkdtempSync(join(tmpdir(), 'linli-whole-'))
  const dataDir = join(folder, 'data')
  const communityPath = join(folder, 'community.yaml')
  writeFileSync(communityPath, stringify(community))
  mkdirSync(dataDir)
  const passwordHash = await hashPassword(staffPassword)
  await withRecordsOf(dataDir, async (records) => {
    await storeSecrets(
      records,
      Object.fromEntries((community.devices ?? []).map(({ id }) => [id, secretOf(id)])),
    )
    for (const member of community.staff ?? []) {
      await records.users.put({
        login: member.login,
        name: member.name,
        role: member.role,
        crew: member.crew ?? null,
        grid: member.grid ?? null,
        passwordHash,
        disabled: false,
      })
    }
  })
  return {
    folder,
    dataDir,
    communityPath,
    community,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Looks into the records beside or after a hub. */
export async function withRecordsOf<T>(dataDir: string, work: (records: Records) => Promise<T>): Promise<T> {
  const records = await openSqliteRecords(join(dataDir, 'records.db'))
  try {
    return await work(records)
  } finally {
    await records.close()
  }
}

export interface WholeHub {
  readonly console: string
  readonly mqtt: string
  readonly mqtts?: string
  reload: Hub['reload']
  stop(): Promise<void>
}

export interface WholeHubOptions {
  readonly clock?: Clock
  /** Settings by path, e.g. `{ 'history.engine': 'influxdb' }`. */
  readonly settings?: Readonly<Record<string, unknown>>
  readonly observeTime?: (ts: number) => void
}

/** Starts the hub in this process on a prepared workplace. */
export async function startWholeHub(place: Workplace, options: WholeHubOptions = {}): Promise<WholeHub> {
  const config = loadConfig({
    env: {},
    overrides: {
      dataDir: place.dataDir,
      community: place.communityPath,
      'broker.port': 0,
      'dashboard.port': 0,
      ...options.settings,
    },
  })
  const clocks = {
    clock: options.clock ?? systemClock,
    wallClock: systemClock,
    observeTime: options.observeTime,
  }
  const { addresses, reload, stop } = await startHub(config, clocks, silentLogger)
  return { ...addresses, reload, stop }
}

export interface TestDevice {
  readonly client: MqttClient
  /** Resolves when the hub has acknowledged it. */
  send(channel: Channel, payload: Readonly<Record<string, unknown>> | string): Promise<void>
  end(): Promise<void>
}

/** Signs a device in over MQTT. */
export async function connectDevice(
  hub: Pick<WholeHub, 'mqtt'>,
  place: Workplace,
  id: string,
): Promise<TestDevice> {
  const device = place.community.devices?.find((one) => one.id === id)
  if (!device) throw new Error(`no device ${id} in the test's community`)
  const client = await connectAsync(hub.mqtt, {
    clientId: id,
    username: id,
    password: secretOf(id),
    reconnectPeriod: 0,
  })
  return {
    client,
    async send(channel, payload) {
      const topic = buildTopic({ site: device.site, type: device.type, device: id, channel })
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
      await client.publishAsync(topic, text, { qos: 1, retain: channel === 'status' || channel === 'meta' })
    },
    end: () => client.endAsync(),
  }
}

/** Signs a member of staff in over HTTP; returns the cookie header. */
export async function signIn(hub: Pick<WholeHub, 'console'>, login: string): Promise<string> {
  const answer = await fetch(`${hub.console}/api/v1/login`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: hub.console,
      'idempotency-key': crypto.randomUUID(),
    },
    body: JSON.stringify({ login, password: staffPassword }),
  })
  const cookie = answer.headers.get('set-cookie')?.split(';')[0]
  if (!answer.ok || !cookie) throw new Error(`sign-in of ${login}: ${answer.status} ${await answer.text()}`)
  return cookie
}

/** One call of the API as a browser makes it; throws with the answer when it is refused. */
export async function call<T>(
  hub: Pick<WholeHub, 'console'>,
  cookie: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await fetch(`${hub.console}/api/v1${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      cookie,
      origin: hub.console,
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }),
    },
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}
