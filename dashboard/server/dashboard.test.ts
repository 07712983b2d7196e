import { execFileSync, spawnSync } from 'node:child_process'
import { get } from 'node:https'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { password, startHub } from '../../tests/support/hub.ts'
import { describeWith } from '../../tests/support/requires.ts'
import { temporaryFolder } from '../../tests/support/temporary-folder.ts'

describe('behind an HTTPS proxy', () => {
  test('binds the cookie to host and HTTPS, and accepts commands only from the public origin', async () => {
    const hub = await startHub({ dashboard: { publicUrl: 'https://hub.example' } })
    const body = { login: 'duty-officer', password }
    const origin = 'https://hub.example'
    const answer = await hub.post('/api/v1/login', body, '', { origin })
    expect(answer.status).toBe(200)
    const header = answer.headers.get('set-cookie') ?? ''
    expect(header).toMatch(/^__Host-linli_session=[^;]+; .*Path=\//)
    expect(header).toMatch(/; Secure/)
    expect(header).not.toMatch(/Domain/)
    expect(answer.headers.get('strict-transport-security')).toContain('max-age=31536000')
    const cookie = header.split(';', 1)[0] ?? ''
    expect((await hub.get('/api/v1/me', cookie)).status).toBe(200)
    const feed = hub.feed(cookie, { origin })
    await feed.connected()
    feed.close()
    expect((await hub.post('/api/v1/logout', {}, cookie, { origin: 'http://hub.example' })).status).toBe(403)
    await hub.stop()
  })
})

const openssl = {
  name: 'openssl',
  missing: spawnSync('openssl', ['version']).error ? 'openssl is not installed' : undefined,
}

describeWith(openssl, 'over TLS', () => {
  test('serves TLS 1.2 and newer; names a missing certificate file', async () => {
    const folder = temporaryFolder()
    const tls = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') }
    await expect(startHub({ dashboard: { tls } })).rejects.toThrow(/dashboard\.tls\.certFile: .*cert\.pem/)
    const made = [
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-subj',
      '/CN=hub',
    ]
    execFileSync('openssl', ['req', ...made, '-keyout', tls.keyFile, '-out', tls.certFile], {
      stdio: 'ignore',
    })
    const hub = await startHub({ dashboard: { tls } })
    expect(hub.url).toMatch(/^https:/)
    const { port } = new URL(hub.url)
    const ask = (maxVersion: 'TLSv1.1' | 'TLSv1.3') =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = { host: '127.0.0.1', port, path: '/healthz', rejectUnauthorized: false, agent: false }
        const minVersion = maxVersion === 'TLSv1.1' ? 'TLSv1.1' : 'TLSv1.2'
        get({ ...options, minVersion, maxVersion }, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        }).on('error', reject)
      })
    expect(await ask('TLSv1.3')).toBe(200)
    await expect(ask('TLSv1.1')).rejects.toThrow()
    await hub.stop()
  })
})

describe('limits', () => {
  test('refuses too many requests of one address with an ApiError', async () => {
    const hub = await startHub({ dashboard: { requestsPerMinute: 5 } })
    const answers = []
    for (let n = 0; n < 7; n++) answers.push(await hub.get('/api/v1/me'))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429])
    expect(Number(answers[6]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(answers[6]?.body).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
    expect((await hub.get('/healthz')).status).toBe(200)
    await hub.stop()
  })

  test('reports a port in use, and cleans up', async () => {
    const first = await startHub()
    const port = Number(new URL(first.url).port)
    await expect(startHub({ dashboard: { port } })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(
        /^port \d+ on 127\.0\.0\.1 is in use .* --port <port>, the setting dashboard\.port/,
      ),
    })
    await first.stop()
    const second = await startHub({ dashboard: { port } })
    expect((await second.get('/healthz')).status).toBe(200)
    await second.stop()
  })

  test('expires sessions and deletes old answers', async () => {
    const hub = await startHub({ dashboard: { sessionHours: 1 } })
    const cookie = await hub.cookieOf('duty-officer')
    await hub.records.idempotency.put('old', 'x', hub.clock.now())
    hub.clock.advance(3_600_000)
    expect((await hub.get('/api/v1/me', cookie)).status).toBe(401)
    hub.clock.advance(8 * 24 * 3_600_000)
    await expect.poll(() => hub.records.idempotency.get('old')).toBeUndefined()
    await hub.stop()
  })
})
