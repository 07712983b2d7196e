/** The README's steps and the examples of docs/devices.md do what they say, with clients that are not ours. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import type { Alert } from '../../model/alert.ts'
import type { DeviceDetail } from '../../model/api.ts'
import { freePort, spawnHub } from '../support/hub-process.ts'
import { describeWith, requirements } from '../support/requires.ts'
import { runCommand } from '../support/run-command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'
import { call, signIn, staffPassword } from '../support/whole-hub.ts'

const block = (file: string, language: string): string[] =>
  [
    ...readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8').matchAll(
      new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'),
    ),
  ].map(([, body]) => body ?? '')

/** The steps of the README's "Run it for a real community" with the community file of the docs. */
async function realCommunity() {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'community.yaml'), block('docs/community.md', 'yaml')[0] ?? '')
  const imported = await runCommand(['device', 'import', '--out', 'secrets.json'], { cwd })
  expect(imported).toMatchObject({ code: 0 })
  const added = await runCommand(['user', 'add', '--login', 'chen'], { cwd, stdin: `${staffPassword}\n` })
  expect(added).toMatchObject({ code: 0 })
  const place = { dataDir: join(cwd, 'data'), communityPath: join(cwd, 'community.yaml') }
  const mqttPort = await freePort()
  const hub = await spawnHub(place, { mqttPort })
  onTestFinished(async () => void (await hub.end('SIGKILL')))
  const secrets = JSON.parse(readFileSync(join(cwd, 'secrets.json'), 'utf8')) as Record<string, string>
  return { hub, env: { PATH: process.env.PATH ?? '', PORT: String(mqttPort), SECRET: secrets['bin-4'] } }
}

describeWith(requirements.mosquitto(), 'the examples for devices', () => {
  test('a bin burns, its line breaks, the console tells both', async () => {
    const { hub, env } = await realCommunity()
    const [publish = '', stay = ''] = block('docs/devices.md', 'sh')
    const published = spawn('sh', ['-euc', publish], { env })
    const [errors, [code]] = await Promise.all([text(published.stderr), once(published, 'exit')])
    expect([errors, code]).toEqual(['', 0])

    const cookie = await signIn(hub, 'chen')
    const raised = (ref: string) =>
      until(`an alert ${ref}`, async () =>
        (await call<Alert[]>(hub, cookie, '/alerts')).find((alert) => alert.ref === ref),
      )
    expect(await raised('B4')).toMatchObject({ device: 'bin-4', evidence: { temperature: 81 } })
    const { latest } = await call<DeviceDetail>(hub, cookie, '/devices/bin-4')
    expect(latest?.values).toMatchObject({ fillingLevel: 0.41, temperature: 81 })

    const device = spawn('sh', ['-euc', stay], { env })
    onTestFinished(() => void device.kill('SIGKILL'))
    await until('the device is connected', async () =>
      /^linli_broker_connections 1$/m.test(await (await fetch(`${hub.console}/metrics`)).text()),
    )
    device.kill('SIGKILL')
    expect(await raised('D1')).toMatchObject({ device: 'bin-4', condition: 'active' })
  })
})
