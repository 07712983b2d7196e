import { describe, expect, test } from 'vitest'
import { ApiFailure, createApi } from './client.ts'

interface Sent {
  readonly url: string
  readonly init: RequestInit
}

/** An API over a fake server that returns these answers in turn; a string is a network error. */
function fakeServer(...answers: (Response | string)[]) {
  const sent: Sent[] = []
  let signedOut = 0
  let keys = 0
  const api = createApi({
    async fetch(url, init) {
      sent.push({ url, init })
      const answer = answers.shift()
      if (answer instanceof Response) return answer
      throw new TypeError(answer ?? 'no more answers')
    },
    newKey: () => `key-${++keys}`,
    onSignedOut: () => void signedOut++,
  })
  return { api, sent, signedOut: () => signedOut }
}

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })
const keyOf = ({ init }: Sent) => new Headers(init.headers).get('idempotency-key')

describe('api', () => {
  test('retries a command without an answer once, under the same key', async () => {
    const { api, sent } = fakeServer('connection reset', json(200, { ok: 1 }))
    expect(await api.post('alerts/a/acknowledge')).toEqual({ ok: 1 })
    expect(sent.map(keyOf)).toEqual(['key-1', 'key-1'])
    expect(sent[0]?.url).toBe('/api/v1/alerts/a/acknowledge')
    expect(sent[0]?.init.body).toBe('{}')
  })

  test('uses a new key for each command', async () => {
    const { api, sent } = fakeServer(json(200, {}), json(200, {}))
    await api.post('logout')
    await api.post('logout')
    expect(sent.map(keyOf)).toEqual(['key-1', 'key-2'])
  })

  test('fails as OFFLINE after two attempts without an answer', async () => {
    const { api, sent } = fakeServer('down', 'down')
    await expect(api.post('x')).rejects.toMatchObject({ code: 'OFFLINE', status: 0 })
    expect(sent).toHaveLength(2)
  })

  test('fails with code and problems of a refusal, without a retry', async () => {
    const problems = [{ path: 'note', message: 'too long' }]
    const { api, sent } = fakeServer(json(400, { code: 'INVALID_INPUT', message: 'no', problems }))
    await expect(api.post('x')).rejects.toMatchObject({ code: 'INVALID_INPUT', status: 400, problems })
    expect(sent).toHaveLength(1)
  })

  test('keeps the reason of a refusal', async () => {
    const { api } = fakeServer(json(409, { code: 'CONFLICT', message: 'no', reason: 'alert-active' }))
    await expect(api.post('x')).rejects.toMatchObject({ code: 'CONFLICT', reason: 'alert-active' })
  })

  test('reports the end of the session on 401, except for a wrong password', async () => {
    const refused = { code: 'UNAUTHENTICATED', message: 'no' }
    const { api, signedOut } = fakeServer(json(401, refused), json(401, refused))
    await expect(api.post('login')).rejects.toBeInstanceOf(ApiFailure)
    expect(signedOut()).toBe(0)
    await expect(api.get('me')).rejects.toBeInstanceOf(ApiFailure)
    expect(signedOut()).toBe(1)
  })

  test('fails with the status when a proxy answers with a page', async () => {
    const { api } = fakeServer(new Response('<h1>Bad gateway</h1>', { status: 502 }))
    await expect(api.get('me')).rejects.toMatchObject({ code: 'OTHER', status: 502 })
  })

  test('returns undefined for an empty answer', async () => {
    const { api } = fakeServer(new Response(null, { status: 204 }))
    expect(await api.post('logout')).toBeUndefined()
  })
})
