/** The command line: bad files are refused whole, every error with file and line, exit code 2; good ones work. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { commands } from '../../commands/table.ts'
import { runCommand } from '../support/run-command.ts'
import { smallCommunity } from '../support/small-community.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { withRecordsOf } from '../support/whole-hub.ts'

/** A working folder with these files; paths in the files are relative to it. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}
const community = stringify(smallCommunity)

describe('a bad file is refused with every error at its line, exit code 2', () => {
  test('configuration', async () => {
    const cwd = folderWith({
      'community.yaml': community,
      'linli.yaml':
        'broker:\n  port: eighteen\n  colour: red\ndashboard:\n  sessionHours: -1\nhistory:\n  engine: influxdb\n',
    })
    const { code, stderr } = await runCommand(['start'], { cwd, env: { LINLI_BROKER_PROT: '1' } })
    expect(code).toBe(2)
    expect(stderr).toMatch(/linli\.yaml:2:\d+ broker\.port: /)
    expect(stderr).toMatch(/linli\.yaml:3:\d+ broker\.colour: unknown field/)
    expect(stderr).toMatch(/linli\.yaml:5:\d+ dashboard\.sessionHours: /)
    expect(stderr).toMatch(/history\.influxdb\.url: is required/)
    expect(stderr).toMatch(/LINLI_BROKER_PROT: no such setting/)
  })

  test('community file', async () => {
    const cwd = folderWith({
      'community.yaml':
        'sites:\n  - id: a\n    name: A\n    timeZone: Mars/Olympus\n    latitude: 1\n    longitude: 2\ndevices:\n  - { id: d1, type: toaster, site: b }\n  - { id: "d 2", type: bin, site: a }\n',
    })
    const { code, stderr } = await runCommand(['start', '--data-dir', 'data'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toMatch(/community\.yaml:4:\d+ sites\[0\]\.timeZone: /)
    expect(stderr).toMatch(/community\.yaml:8:\d+ devices\[0\]\.type: /)
    expect(stderr).toMatch(/community\.yaml:8:\d+ devices\[0\]\.site: /)
    expect(stderr).toMatch(/community\.yaml:9:\d+ devices\[1\]\.id: /)
  })

  test('rules', async () => {
    const cwd = folderWith({
      'community.yaml': community,
      'rules/one.yaml': 'id: one\nref: X1\ncolour: red\n',
      'rules/two.yaml': 'id: two\n  ref: broken\n',
    })
    const { code, stderr } = await runCommand(['start', '--rules', 'rules'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toMatch(/one\.yaml:3:\d+ colour: /)
    expect(stderr).toMatch(/two\.yaml:\d+:\d+: /)
  })

  test('a missing file', async () => {
    const { code, stderr } = await runCommand(['start', '--config', 'nowhere.yaml'], { cwd: folderWith({}) })
    expect(code).toBe(2)
    expect(stderr).toContain('cannot read nowhere.yaml (ENOENT)')
  })

  test('an unknown command or option', async () => {
    expect(await runCommand(['strat'])).toMatchObject({ code: 2, stderr: expect.stringContaining('strat') })
    expect(await runCommand(['start', '--prot', '1'])).toMatchObject({ code: 2 })
  })
})

const names = commands.map((make) =>
  make({
    now: () => 0,
    env: {},
    stdin: process.stdin,
    print: () => {},
    printError: () => {},
    stopped: new AbortController().signal,
    onReload: () => () => {},
    nodePath: '',
  }).name(),
)
test.each(names)('%s --help explains itself', async (name) => {
  const { code, stdout } = await runCommand([name, '--help'])
  expect(code).toBe(0)
  expect(stdout).toContain(`linli ${name}`)
})

test('device import makes secrets once, keeps only hashes; revoke takes them away', async () => {
  const cwd = folderWith({ 'community.yaml': community })
  const made = await runCommand(['device', 'import', '--out', 'secrets.json'], { cwd })
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('11 new secrets') })
  expect(statSync(join(cwd, 'secrets.json')).mode & 0o077).toBe(0)
  const secrets = JSON.parse(readFileSync(join(cwd, 'secrets.json'), 'utf8')) as Record<string, string>
  expect(Object.keys(secrets)).toHaveLength(11)

  const again = await runCommand(['device', 'import', '--out', 'more.json'], { cwd })
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('every device has a secret') })
  expect(existsSync(join(cwd, 'more.json'))).toBe(false)

  const devices = [...(smallCommunity.devices ?? []), { id: 'bin-3', type: 'bin', site: 'lotus' }]
  writeFileSync(join(cwd, 'community.yaml'), stringify({ ...smallCommunity, devices }))
  const over = await runCommand(['device', 'import', '--out', 'secrets.json'], { cwd })
  expect(over).toMatchObject({ code: 2, stderr: expect.stringContaining('must not exist yet') })
  expect(JSON.parse(readFileSync(join(cwd, 'secrets.json'), 'utf8'))).toEqual(secrets)

  expect(await runCommand(['device', 'revoke', 'lift-1'], { cwd })).toMatchObject({ code: 0 })
  const unknown = await runCommand(['device', 'revoke', 'lift-99'], { cwd })
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('lift-99') })
  await withRecordsOf(join(cwd, 'data'), async (records) => {
    const stored = await records.credentials.all()
    expect(stored.get('lift-1')?.revokedAt).toBeGreaterThan(0)
    expect(JSON.stringify([...stored])).not.toContain(secrets['bin-1'])
  })
})

test('user add sets a password that signs in, and refuses a short one', async () => {
  const cwd = folderWith({ 'community.yaml': community })
  const short = await runCommand(['user', 'add', '--login', 'chen', '--role', 'supervisor'], {
    cwd,
    stdin: '1234567\n',
  })
  expect(short).toMatchObject({ code: 2, stderr: expect.stringContaining('at least 8') })
  const odd = ['user', 'add', '--login', 'Chen Wei', '--role', 'supervisor']
  expect(await runCommand(odd, { cwd, stdin: 'long enough\n' })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('lower-case'),
  })
  const loose = await runCommand(['user', 'add', '--login', 'chen', '--role', 'crew'], {
    cwd,
    stdin: 'long enough\n',
  })
  expect(loose).toMatchObject({ code: 2, stderr: expect.stringContaining('--crew') })
  const nobody = await runCommand(['user', 'add', '--login', 'chen'], { cwd, stdin: 'long enough\n' })
  expect(nobody).toMatchObject({ code: 2, stderr: expect.stringContaining('--role') })
  const added = await runCommand(['user', 'add', '--login', 'chen', '--role', 'supervisor'], {
    cwd,
    stdin: 'long enough\n',
  })
  expect(added).toMatchObject({ code: 0 })
  await withRecordsOf(join(cwd, 'data'), async (records) => {
    expect((await records.users.get('chen'))?.passwordHash).toMatch(/^\$argon2id\$/)
  })
})

test('user add knows the staff of the community file before the hub has ever run; disable locks out', async () => {
  const cwd = folderWith({ 'community.yaml': community })
  const added = await runCommand(['user', 'add', '--login', 'crew1'], { cwd, stdin: 'long enough\n' })
  expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('crew1 (crew)') })
  const crew1 = () => withRecordsOf(join(cwd, 'data'), (records) => records.users.get('crew1'))
  expect(await crew1()).toMatchObject({ name: '维修员', role: 'crew', crew: 'repair', disabled: false })

  expect(await runCommand(['user', 'disable', '--login', 'crew1'], { cwd })).toMatchObject({ code: 0 })
  expect(await crew1()).toMatchObject({ disabled: true })
  const unknown = await runCommand(['user', 'disable', '--login', 'nobody'], { cwd })
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('nobody') })
  await runCommand(['user', 'add', '--login', 'crew1'], { cwd, stdin: 'long enough\n' })
  expect(await crew1()).toMatchObject({ role: 'crew', crew: 'repair', disabled: false })
})

test('backtest into a pipe tells every alert, however many', async () => {
  const times = Array.from({ length: 6000 }, (_, index) => new Date(Date.UTC(2026, 0, 1) + index * 60_000))
  const lines = times.map((time, index) => {
    // Told twice, or it would be an echo.
    const payload = { ts: time.toISOString(), seq: index, fillingLevel: index % 4 < 2 ? 0.9 : 0.1 }
    return JSON.stringify({ receivedAt: payload.ts, topic: 'community/lotus/bin/bin-1/telemetry', payload })
  })
  const cwd = folderWith({ 'community.yaml': community, 'log.jsonl': `${lines.join('\n')}\n` })
  const words = ['backtest', '--log', 'log.jsonl', '--community', 'community.yaml', '--json']
  const { code, stdout } = await runCommand(words, { cwd })
  expect(code).toBe(0)
  expect(stdout.split('\n').filter((line) => line.includes('"B1"'))).toHaveLength(1500)
})
