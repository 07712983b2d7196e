import { describe, expect, test } from 'vitest'
import { ApiFailure, createApi } from './client.ts'

interface Sent {
  readonly url: string
  readonly init: RequestInit
}

/** A server that gives these answers in turn; a string is a broken connection. */
function answering(...answers: (Response | string)[]) {
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
  test('a command without an answer is sent once more under the same key', async () => {
    const { api, sent } = answering('connection reset', json(200, { ok: 1 }))
    expect(await api.post('alerts/a/acknowledge')).toEqual({ ok: 1 })
    expect(sent.map(keyOf)).toEqual(['key-1', 'key-1'])
    expect(sent[0]?.url).toBe('/api/v1/alerts/a/acknowledge')
    expect(sent[0]?.init.body).toBe('{}')
  })

  test('two commands have two keys', async () => {
    const { api, sent } = answering(json(200, {}), json(200, {}))
    await api.post('logout')
    await api.post('logout')
    expect(sent.map(keyOf)).toEqual(['key-1', 'key-2'])
  })

  test('no answer twice is told as offline', async () => {
    const { api, sent } = answering('down', 'down')
    await expect(api.post('x')).rejects.toMatchObject({ code: 'OFFLINE', status: 0 })
    expect(sent).toHaveLength(2)
  })

  test('a refusal is told with code and problems, and not repeated', async () => {
    const problems = [{ path: 'note', message: 'too long' }]
    const { api, sent } = answering(json(400, { code: 'INVALID_INPUT', message: 'no', problems }))
    await expect(api.post('x')).rejects.toMatchObject({ code: 'INVALID_INPUT', status: 400, problems })
    expect(sent).toHaveLength(1)
  })

  test('the reason of a refusal is kept, for the screen to say', async () => {
    const { api } = answering(json(409, { code: 'CONFLICT', message: 'no', reason: 'alert-active' }))
    await expect(api.post('x')).rejects.toMatchObject({ code: 'CONFLICT', reason: 'alert-active' })
  })

  test('the end of the session is told once; a wrong password is not one', async () => {
    const refused = { code: 'UNAUTHENTICATED', message: 'no' }
    const { api, signedOut } = answering(json(401, refused), json(401, refused))
    await expect(api.post('login')).rejects.toBeInstanceOf(ApiFailure)
    expect(signedOut()).toBe(0)
    await expect(api.get('me')).rejects.toBeInstanceOf(ApiFailure)
    expect(signedOut()).toBe(1)
  })

  test('a page of a proxy in place of an answer is an error like any other', async () => {
    const { api } = answering(new Response('<h1>Bad gateway</h1>', { status: 502 }))
    await expect(api.get('me')).rejects.toMatchObject({ code: 'OTHER', status: 502 })
  })

  test('an empty answer is none', async () => {
    const { api } = answering(new Response(null, { status: 204 }))
    expect(await api.post('logout')).toBeUndefined()
  })
})
