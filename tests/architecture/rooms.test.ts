/** The table of rooms (DESIGN 2) as a test: no room imports another; only the edges touch process and time. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const rooms = [
  'model',
  'broker',
  'ingest',
  'storage',
  'community',
  'rules',
  'alerts',
  'cases',
  'dashboard',
  'simulators',
]
/** These may import every room. */
const anywhere = ['app', 'commands', 'evaluation', 'tests', 'bench', 'docs']

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', '*.ts', '*.vue'], {
  cwd: root,
})
  .toString()
  .split('\n')
  .filter((file) => file && !file.startsWith('node_modules/'))

const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const roomOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : '')
const isTest = (file: string): boolean => /\.test\.ts$/.test(file)

function importsOf(file: string): string[] {
  const found: string[] = []
  for (const match of read(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
    if (match[1]) found.push(relative(root, resolve(root, dirname(file), match[1])))
  }
  return found
}

describe('rooms', () => {
  const sources = files.filter((file) => rooms.includes(roomOf(file)))

  test('a room imports itself and model, nothing else of ours', () => {
    const wrong = sources.flatMap((file) =>
      importsOf(file)
        .filter((target) => {
          const room = roomOf(target)
          if (room === roomOf(file) || room === 'model') return false
          return !(isTest(file) && room === 'tests')
        })
        .map((target) => `${file} -> ${target}`),
    )
    expect(wrong).toEqual([])
  })

  test('model imports nothing of ours', () => {
    const wrong = sources
      .filter((file) => roomOf(file) === 'model')
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => roomOf(target) !== 'model')
          .map((t) => `${file} -> ${t}`),
      )
    expect(wrong).toEqual([])
  })

  test('app imports no command', () => {
    const wrong = files
      .filter((file) => roomOf(file) === 'app')
      .flatMap((file) => importsOf(file).filter((target) => roomOf(target) === 'commands'))
    expect(wrong).toEqual([])
  })

  test('every import names a file that is there', () => {
    const all = new Set(files)
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => target.endsWith('.ts') && !all.has(target))
        .map((target) => `${file} -> ${target}`),
    )
    expect(wrong).toEqual([])
  })

  test('only folders of the table exist', () => {
    const extra = new Set(
      files.map(roomOf).filter((room) => room && ![...rooms, ...anywhere, 'deploy'].includes(room)),
    )
    expect([...extra]).toEqual([])
  })
})

describe('one way of a reading', () => {
  const live = ['ingest/ingest.ts', 'alerts/alerts.ts']

  test.each(['ingest/ingest.ts', 'commands/backtest.ts', 'evaluation/run.ts'])(
    '%s reads messages with the one pipeline',
    (file) => {
      expect(importsOf(file)).toContain('ingest/pipeline.ts')
    },
  )

  test.each(['alerts/alerts.ts', 'evaluation/run.ts'])('%s uses the one alert list', (file) => {
    expect(importsOf(file)).toContain('alerts/alert-list.ts')
  })

  test('nothing else outside of ingest and alerts takes their steps by itself', () => {
    const entrances = new Set([
      ...live,
      'ingest/pipeline.ts',
      'ingest/options.ts',
      'alerts/alert-list.ts',
      'alerts/options.ts',
    ])
    const wrong = files
      .filter((file) => !isTest(file) && !['ingest', 'alerts', 'tests'].includes(roomOf(file)))
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => ['ingest', 'alerts'].includes(roomOf(target)) && !entrances.has(target))
          .map((target) => `${file} -> ${target}`),
      )
    expect(wrong).toEqual([])
  })
})

describe('edges', () => {
  const inside = files.filter(
    (file) => rooms.includes(roomOf(file)) && !isTest(file) && !file.startsWith('dashboard/web/'),
  )

  test('time is an argument: nobody but model/clock.ts reads the clock', () => {
    const wrong = inside.filter(
      (file) => file !== 'model/clock.ts' && /Date\.now\(|new Date\(\)|performance\.now\(/.test(read(file)),
    )
    expect(wrong).toEqual([])
  })

  test('only main.ts touches argv, env, signals and exit', () => {
    const wrong = [...inside, ...files.filter((file) => ['app', 'evaluation'].includes(roomOf(file)))].filter(
      (file) => /process\.(argv|env|exit|on)\b/.test(read(file)),
    )
    expect(wrong).toEqual([])
  })

  test('topics are written in model/topics.ts only', () => {
    const wrong = inside.filter(
      (file) => file !== 'model/topics.ts' && /['"`]community\/[{$+#a-z]/.test(read(file)),
    )
    expect(wrong).toEqual([])
  })
})
