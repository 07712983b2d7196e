/** What the shipped rules say of recorded homes and bins: the figures that their READMEs state, by the commands themselves. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { CommunityFileInput } from '../../model/community-file.ts'
import { parseRecorded } from '../../model/recorded-log.ts'
import { describeWith, recordingFolder, requirements } from '../support/requires.ts'
import { runCommand } from '../support/run-command.ts'

interface Episode {
  readonly ref: string
  readonly device: string
  readonly kind: string
  readonly severity: string
  readonly raisedAt: string
  readonly clearedAt: string | null
  readonly reason: string
}

const HOUR = 3_600_000

async function succeed(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand(words)
  if (code !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  return stdout
}

/** A recording through `import-recording`; `backtest` as often as asked, with a community file changed by the test. */
async function imported(format: string, dir: string) {
  const place = mkdtempSync(join(tmpdir(), 'linli-real-'))
  onTestFinished(() => rmSync(place, { recursive: true }))
  const [log, community] = [join(place, 'log.jsonl'), join(place, 'community.yaml')]
  await succeed('import-recording', '--format', format, '--in', dir, '--out', log, '--community', community)
  const messages = readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const message = parseRecorded(line)
      if ('fault' in message) throw new Error(message.fault)
      return message
    })
  return {
    messages,
    start: Date.parse(messages[0]?.receivedAt ?? ''),
    change(edit: (file: CommunityFileInput) => CommunityFileInput) {
      writeFileSync(community, stringify(edit(parse(readFileSync(community, 'utf8')))))
    },
    backtest: () => backtested(log, community),
    /** As recorded up to the first sign inside after `at`; from then on every sensor only says that it is there. */
    async silentAfter(at: number) {
      const inner = messages.find(
        ({ topic, payload, receivedAt }) =>
          Date.parse(receivedAt) >= at && topic.includes('/motion/') && payload.occupancy === true,
      )
      const last = Date.parse(inner?.receivedAt ?? '')
      const before = messages.filter(({ receivedAt }) => Date.parse(receivedAt) <= last)
      const topics = new Set(messages.map(({ topic }) => topic.replace(/\/[a-z]+$/, '')))
      const beats = Array.from({ length: 20 }, (_, hour) => new Date(last + (hour + 1) * HOUR).toISOString())
      const silent = beats.flatMap((receivedAt) =>
        [...topics].map((topic) => ({
          receivedAt,
          topic: `${topic}/status`,
          payload: { ts: receivedAt, state: 'online' },
        })),
      )
      const cut = join(place, 'cut.jsonl')
      writeFileSync(cut, [...before, ...silent].map((message) => `${JSON.stringify(message)}\n`).join(''))
      const episodes = await backtested(cut, community)
      return { last, alarms: only(episodes, 'H2').filter(({ raisedAt }) => Date.parse(raisedAt) > last) }
    },
  }
}

async function backtested(log: string, community: string): Promise<Episode[]> {
  const lines = await succeed('backtest', '--log', log, '--community', community, '--json')
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Episode)
}

interface Span {
  readonly from: number
  readonly to: number
}

/** When the person of house A wrote down to have left it, for longer than so many hours; the wall clock of Amsterdam in winter. */
function absencesOf(letter: string, hours: number): Span[] {
  const file = join(recordingFolder('homes-kasteren-mit'), `house${letter}.activities`)
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t').map(Number))
    .filter(([, duration = 0, activity]) => activity === 1 && duration > hours * 3600)
    .map(([start = 0, duration = 0]) => {
      const from = (start - 3600) * 1000
      return { from, to: from + duration * 1000 }
    })
}

const overlaps = ({ from, to }: Span, { raisedAt }: Episode): boolean =>
  Date.parse(raisedAt) >= from && Date.parse(raisedAt) <= to

/** The files of one house alone: together they would be five years apart. */
function house(letter: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'linli-house-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const from = recordingFolder('homes-kasteren-mit')
  for (const name of readdirSync(from).filter((one) => one.startsWith(`house${letter}.`)))
    copyFileSync(join(from, name), join(folder, name))
  return folder
}

const alphabetical = (a: string, b: string): number => (a < b ? -1 : 1)
const only = (episodes: readonly Episode[], ...refs: readonly string[]) =>
  episodes.filter(({ ref }) => refs.includes(ref))
const fragile =
  (home: string) =>
  (file: CommunityFileInput): CommunityFileInput => ({
    ...file,
    residents: [{ id: 'r1', home, name: 'A resident', fragile: true }],
  })

describeWith(requirements.recordings(), 'homes', () => {
  test('A: gaps of 47.9, 45.6 and 42.7 h while away: none at 48 h, three at 24 h, no door left open', async () => {
    const home = await imported('homes-kasteren-mit', house('A'))
    expect(only(await home.backtest(), 'H1', 'H9')).toEqual([])
    home.change(fragile('houseA'))
    const alarms = only(await home.backtest(), 'H1')
    expect(alarms.map(({ device }) => device)).toEqual(Array(3).fill('houseA-12'))
    const longest = alarms.map(({ raisedAt, clearedAt }) => {
      const span = 24 * HOUR + Date.parse(clearedAt ?? '') - Date.parse(raisedAt)
      return Math.round(span / (HOUR / 100)) / 100
    })
    expect(longest.sort()).toEqual([42.71, 45.56, 47.89])
  })

  test('B: a front door sensor that is dead is a device alert within 25 h, never a welfare alarm', async () => {
    const home = await imported('homes-kasteren-mit', house('B'))
    const episodes = await home.backtest()
    expect(episodes.filter(({ device }) => device === 'houseB-7')).toMatchObject([
      {
        ref: 'D1',
        kind: 'device',
        raisedAt: new Date(home.start + 25 * HOUR).toISOString(),
        clearedAt: null,
      },
    ])
    // Without a living entrance sensor its six silences of 12 to 51 h cannot be told from absences.
    const quiet = (told: readonly Episode[]) =>
      told.filter(
        ({ kind, ref, device }) =>
          kind === 'welfare' && (device === 'houseB-7' || !['H6', 'H7', 'H8'].includes(ref)),
      )
    expect(quiet(episodes)).toEqual([])
    home.change(fragile('houseB'))
    expect(quiet(await home.backtest())).toEqual([])
  })

  test('A: the rhythm is silent while the person is away as labelled, and each absence over 12 h is "not back"', async () => {
    const home = await imported('homes-kasteren-mit', house('A'))
    const episodes = await home.backtest()
    expect(only(episodes, 'H2')).toEqual([])
    const late = only(episodes, 'H3')
    expect(late).toHaveLength(6)
    // The first of the six, and the longest, has no label.
    const labels = absencesOf('A', 12)
    expect(late.filter((one) => labels.some((label) => overlaps(label, one)))).toHaveLength(5)
  })

  test.each(['A', 'E'])(
    '%s: nobody moves any more from a time at home on: told within 14 h',
    async (letter) => {
      const home = await imported('homes-kasteren-mit', house(letter))
      const { last, alarms } = await home.silentAfter(home.start + 15 * 24 * HOUR)
      expect(alarms).toHaveLength(1)
      expect(alarms[0]?.reason).toContain('No sign of life for')
      const delay = Date.parse(alarms[0]?.raisedAt ?? '') - last
      expect(delay).toBeGreaterThanOrEqual(3 * HOUR)
      expect(delay).toBeLessThanOrEqual(14 * HOUR)
    },
  )

  test('E: doors that stand open for hours are inner doors; no entrance, no alarm about one', async () => {
    const home = await imported('homes-kasteren-mit', house('E'))
    const longOpen = home.messages.filter(({ payload }) => Number(payload.lastOpenDuration) > 600)
    expect(longOpen.length).toBeGreaterThanOrEqual(28)
    expect(only(await home.backtest(), 'H1', 'H2', 'H3', 'H9')).toEqual([])
  })

  test('Ordonez: gaps of up to 45.5 h, three over 24 h, with life inside: nobody is missed, fragile or not', async () => {
    const home = await imported('homes-ordonez', recordingFolder('homes-ordonez'))
    expect(only(await home.backtest(), 'H1', 'H2', 'H3')).toEqual([])
    home.change(fragile('OrdonezA'))
    expect(only(await home.backtest(), 'H1', 'H2', 'H3')).toEqual([])
  })
})

describeWith(requirements.recordings(), 'bins of Wyndham', () => {
  test('4,056 readings ask for collection; each run of them is one alert', async () => {
    const bins = await imported('bins-wyndham-2018-2021', recordingFolder('bins-wyndham-2018-2021'))
    const full = new Map<string, string>()
    const runs: string[] = []
    let asking = 0
    for (const { topic, payload, receivedAt } of bins.messages) {
      const level = payload.fillingLevel
      const bin = topic.split('/')[3] ?? ''
      if (typeof level !== 'number') continue
      if (level >= 0.8) {
        asking += 1
        if (!full.has(bin)) full.set(bin, receivedAt)
      } else if (level < 0.75 && full.has(bin)) {
        runs.push(`${bin} ${full.get(bin)} ${receivedAt}`)
        full.delete(bin)
      }
    }
    for (const [bin, since] of full) runs.push(`${bin} ${since} null`)
    expect(asking).toBe(4056)
    const alerts = only(await bins.backtest(), 'B1')
    const told = alerts.map(({ device, raisedAt, clearedAt }) => `${device} ${raisedAt} ${clearedAt}`)
    expect(told.toSorted(alphabetical)).toEqual(runs.toSorted(alphabetical))
  })
})
