/** A hub with certificates: devices and browsers reach it encrypted, at the addresses it tells. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { get } from 'node:https'
import { connect as connectSocket } from 'node:net'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { expect, onTestFinished, test } from 'vitest'
import { describeWith } from '../support/requires.ts'
import { prepare, secretOf, startWholeHub } from '../support/whole-hub.ts'

const openssl = {
  name: 'openssl',
  missing: spawnSync('openssl', ['version']).error ? 'openssl is not installed' : undefined,
}

/** A certificate that signs itself, for `localhost`. */
function certificateIn(folder: string) {
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') }
  const made = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const named = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  execFileSync('openssl', ['req', ...made, ...named, '-keyout', files.keyFile, '-out', files.certFile], {
    stdio: 'ignore',
  })
  return files
}

describeWith(openssl, 'with certificates', () => {
  test('a device publishes and the console answers over TLS', async () => {
    const place = await prepare()
    onTestFinished(place.remove)
    const tls = certificateIn(place.folder)
    const ca = readFileSync(tls.certFile)
    const hub = await startWholeHub(place, {
      settings: { 'broker.tls': { ...tls, port: 0 }, 'dashboard.tls': tls },
    })
    onTestFinished(hub.stop)
    expect(hub.mqtts).toMatch(/^mqtts:\/\/0\.0\.0\.0:\d+$/)
    expect(hub.console).toMatch(/^https:/)

    const client = await connectAsync((hub.mqtts ?? '').replace('0.0.0.0', '127.0.0.1'), {
      ...{ clientId: 'bin-1', username: 'bin-1', password: secretOf('bin-1') },
      ...{ ca, reconnectPeriod: 0 },
    })
    await client.endAsync()
    const status = await new Promise<number | undefined>((resolve, reject) => {
      get(`${hub.console}/readyz`, { ca, agent: false }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      }).on('error', reject)
    })
    expect(status).toBe(200)
  })

  test('TLS is open to other machines, plain MQTT beside it is not', async () => {
    const place = await prepare()
    onTestFinished(place.remove)
    const tls = { ...certificateIn(place.folder), port: 0 }
    const hub = await startWholeHub(place, { settings: { 'broker.tls': tls } })
    onTestFinished(hub.stop)
    // Another address of this machine stands for another machine: a listener on 127.0.0.1 does not hear it.
    const answers = (url: string | undefined): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = connectSocket({ host: '127.0.0.2', port: Number(new URL(url ?? '').port) })
        socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
        onTestFinished(() => void socket.destroy())
      })
    expect(await answers(hub.mqtts)).toBe(true)
    expect(await answers(hub.mqtt)).toBe(false)
  })

  test('without certificates no such address is told', async () => {
    const place = await prepare()
    onTestFinished(place.remove)
    const hub = await startWholeHub(place)
    onTestFinished(hub.stop)
    expect(hub.mqtts).toBeUndefined()
  })
})
