/** kill -9 while a rule is saved: the former version or the new one, whole; what was answered is kept. */
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { RuleDetail } from '../../model/rule-registry.ts'
import { freePort, type HubProcess, spawnHub } from '../support/hub-process.ts'
import { smallCommunity } from '../support/small-community.ts'
import { call, prepare, signIn } from '../support/whole-hub.ts'

const community = {
  ...smallCommunity,
  staff: [{ login: 'chief', name: '督办员', role: 'supervisor' as const }],
}

async function put(hub: HubProcess, cookie: string, body: object): Promise<boolean> {
  const answer = await fetch(`${hub.console}/api/v1/rules/bin-full`, {
    method: 'PUT',
    body: JSON.stringify(body),
    headers: {
      ...{ cookie, origin: hub.console },
      ...{ 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    },
  }).catch(() => undefined)
  return answer?.ok === true
}

/** ms after the save was sent; null = when it was answered. */
test.each([{ rounds: [null, 0, 15] }, { rounds: [5, 40, null] }])(
  'killed $rounds ms after it was sent',
  async ({ rounds }) => {
    const place = await prepare(community)
    onTestFinished(place.remove)
    const start = async (): Promise<HubProcess> => {
      const hub = await spawnHub(place, { mqttPort: await freePort() })
      onTestFinished(async () => void (await hub.end('SIGKILL')))
      return hub
    }
    let hub = await start()
    let cookie = await signIn(hub, 'chief')
    for (const [round, delay] of rounds.entries()) {
      const before = await call<RuleDetail>(hub, cookie, '/rules/bin-full')
      const text = before.text.replace(/full: [\d.]+/, `full: 0.7${round}`)
      const base = before.versions[0]?.version ?? 0
      const answered = put(hub, cookie, { text, reason: `round ${round}`, base })
      if (delay === null) expect(await answered).toBe(true)
      else await pause(delay)
      await hub.end('SIGKILL')
      const isKept = await answered

      hub = await start()
      cookie = await signIn(hub, 'chief')
      const after = await call<RuleDetail>(hub, cookie, '/rules/bin-full')
      const saved = after.versions[0]?.version ?? 0
      expect([base, base + 1]).toContain(saved)
      if (isKept) expect(saved).toBe(base + 1)
      expect(after.text).toBe(saved === base ? before.text : text)
      expect(after.isFaulty).toBe(false)
    }
  },
)
