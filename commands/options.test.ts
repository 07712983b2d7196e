/** What commands decide about their options and input, before and beside the work of other rooms. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { callCommand } from '../tests/support/command-context.ts'
import { smallCommunity } from '../tests/support/small-community.ts'
import { temporaryFolder } from '../tests/support/temporary-folder.ts'
import { backtestCommand } from './backtest.ts'
import { importRecordingCommand } from './import-recording.ts'
import { replayCommand } from './replay.ts'
import { scorecardCommand } from './scorecard.ts'
import { simulateCommand } from './simulate.ts'
import { commands } from './table.ts'

let folder = ''
let community = ''
let secrets = ''
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
beforeEach(() => {
  folder = temporaryFolder()
  community = write('community.yaml', stringify(smallCommunity))
  secrets = write('secrets.json', '{}')
})

describe('replay', () => {
  test.each(['0', '-1', 'fast', 'Infinity'])('rejects --speed %s', async (speed) => {
    const run = await callCommand(replayCommand, ['--log', 'none', '--secrets', secrets, '--speed', speed])
    expect(run.error).toMatchObject({ code: 'USAGE', message: expect.stringContaining('--speed') })
  })
})

describe('simulate', () => {
  const simulate = (...options: readonly string[]) =>
    callCommand(simulateCommand, ['--community', community, '--secrets', secrets, ...options])
  test.each([
    ['--hours', '0'],
    ['--gap-minutes', 'x'],
    ['--speed', '-1'],
    ['--from', 'yesterday'],
  ])('rejects %s %s', async (option, value) => {
    expect((await simulate(option, value)).error).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(option),
    })
  })
})

describe('scorecard', () => {
  test.each([
    [['--communities', '0'], '--communities must be a whole number greater than 0, not 0'],
    [['--days', '1.5'], '--days must be a whole number greater than 0, not 1.5'],
    [['--per-rule', 'many'], '--per-rule must be a whole number greater than 0, not many'],
    [['--save', '--only', 'E1'], '--save needs a scorecard of all rules; do not combine it with --only'],
  ])('rejects %j', async (options, message) => {
    expect((await callCommand(scorecardCommand, options)).error).toMatchObject({ code: 'USAGE', message })
  })

  test('rejects invalid rule files before it simulates', async () => {
    const rules = temporaryFolder()
    writeFileSync(join(rules, 'one.yaml'), 'id: one\n')
    const run = await callCommand(scorecardCommand, ['--rules', rules])
    expect(run.error).toMatchObject({ code: 'RULES_INVALID' })
    expect(run.stderr).toEqual([])
  })
})

describe('import-recording', () => {
  test('rejects an unknown format', async () => {
    const options = ['--format', 'other', '--in', folder, '--out', 'o', '--community', 'c']
    expect((await callCommand(importRecordingCommand, options)).error).toMatchObject({
      code: 'commander.invalidArgument',
    })
  })
})

describe('backtest', () => {
  const message = (second: number, device: string, payload: object, receivedAt?: string) => {
    const ts = new Date(Date.UTC(2026, 2, 1, 12, 0, second)).toISOString()
    return JSON.stringify({
      receivedAt: receivedAt ?? ts,
      topic: `community/lotus/bin/${device}/telemetry`,
      payload: { ts, ...payload },
    })
  }
  const backtest = (lines: readonly string[], ...options: readonly string[]) =>
    callCommand(backtestCommand, [
      ...['--log', write('log.jsonl', lines.map((line) => `${line}\n`).join('')), '--community', community],
      ...options,
    ])
  const fire = [message(0, 'bin-1', { temperature: 20 }), message(60, 'bin-1', { temperature: 70 })]

  test('prints one JSON object per alert, with its fields in the order of the contract', async () => {
    const { stdout, stderr, error } = await backtest(fire, '--json')
    expect({ stderr, error }).toEqual({ stderr: [], error: undefined })
    const alerts = stdout.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(alerts.map(({ rule, raisedAt, clearedAt }) => ({ rule, raisedAt, clearedAt }))).toContainEqual({
      rule: 'bin-fire',
      raisedAt: '2026-03-01T12:01:00.000Z',
      clearedAt: null,
    })
    const order = ['rule', 'ref', 'device', 'place', 'kind', 'severity', 'raisedAt', 'clearedAt', 'reason']
    for (const alert of alerts) expect(Object.keys(alert)).toEqual(order)
  })

  test('prints text in the requested language', async () => {
    const [zh = ''] = (await backtest(fire, '--language', 'zh')).stdout.filter((line) => line.includes('B4'))
    expect(zh).toContain('2026-03-01T12:01:00.000Z … still active  B4 critical bin-1')
    expect(zh).toMatch(/\p{Script=Han}/u)
  })

  test('reports lines that are no messages, and rejected messages, on standard error', async () => {
    const { stderr, error } = await backtest(['not json', message(0, 'unknown-bin', { temperature: 70 })])
    expect(error).toBeUndefined()
    expect(stderr[0]).toMatch(/log\.jsonl:1: /)
    expect(stderr[1]).toMatch(/^1 messages rejected: /)
  })

  test('takes hub time from receivedAt, or with --clock replay from the newest ts', async () => {
    const late = [
      message(0, 'bin-1', { temperature: 20 }, '2026-03-04T12:00:00Z'),
      message(60, 'bin-1', { temperature: 70 }, '2026-03-04T12:01:00Z'),
    ]
    const fires = async (...options: readonly string[]) =>
      (await backtest(late, ...options)).stdout.filter((line) => line.includes('B4'))
    expect(await fires('--clock', 'replay')).toHaveLength(1)
    expect((await fires('--clock', 'replay'))[0]).toContain('2026-03-01T12:01:00.000Z')
    expect(await fires()).not.toEqual(await fires('--clock', 'replay'))
  })

  test('rejects an unknown clock', async () => {
    expect((await backtest(fire, '--clock', 'wall')).error).toMatchObject({
      code: 'commander.invalidArgument',
    })
  })
})

test('every command has a name of its own and a description', async () => {
  const names: string[] = []
  for (const make of commands)
    await callCommand(
      (context) => {
        const command = make(context)
        names.push(command.name())
        expect(command.description()).not.toBe('')
        return command
      },
      ['--help'],
    )
  expect(new Set(names).size).toBe(commands.length)
})
