/** The figures that the READMEs of the bin recordings state, recomputed from the converted log. */
import { describe, expect, test } from 'vitest'
import { convertMessages, type ReadMessage } from '../../tests/support/converted-recording.ts'
import { hoursBetween, localParts, median } from '../../tests/support/figures.ts'
import { describeWith, recordingFolder, requirements } from '../../tests/support/requires.ts'

const fixture = (folder: string): string =>
  new URL(`../../tests/fixtures/${folder}/`, import.meta.url).pathname

async function edinburghFacts(dir: string) {
  const { report, messages } = await convertMessages('bins-edinburgh-2016', dir)
  const levels: number[] = []
  const gaps: number[] = []
  for (const own of Map.groupBy(messages, ({ device }) => device).values()) {
    const received = own.filter(({ channel }) => channel !== 'status')
    received.forEach(({ channel }, index) => {
      if (channel === 'event') levels.push(Number(received[index - 1]?.payload.fillingLevel))
    })
    gaps.push(...hoursBetween(received.filter(({ channel }) => channel === 'event').map(({ at }) => at)))
  }
  return {
    rows: report.rows,
    bins: report.devices,
    emptyings: levels.length,
    from80: levels.filter((level) => level >= 0.8).length,
    from90: levels.filter((level) => level >= 0.9).length,
    under30: levels.filter((level) => level < 0.3).length,
    median: median(levels),
    medianHours: median(gaps),
    repeated: report.problems.filter(({ reason }) => reason === 'repeated-event').length,
  }
}

async function wyndhamFacts(dir: string) {
  const { report, messages, community } = await convertMessages('bins-wyndham-2018-2021', dir)
  const threshold = new Map(community.devices.map(({ id, meta }) => [id, Number(meta.binFullnessThreshold)]))
  const unknown = messages.filter(({ payload }) => payload.status === 'unknown')
  const facts = {
    rows: report.rows,
    bins: report.devices,
    days: new Set(messages.map(dayOf)).size,
    overThreshold: messages.filter(
      ({ device, payload }) => Number(payload.fillingLevel) >= Number(threshold.get(device)),
    ).length,
    alerts: unknown.length,
    alertsWithoutLevel: unknown.filter(({ payload }) => payload.fillingLevel === undefined).length,
    repeatedDays:
      messages.length - new Set(messages.map((message) => `${message.device} ${dayOf(message)}`)).size,
    skips: 0,
    drops: 0,
    longestRun: { device: '', readings: 0 },
  }
  for (const [device, own] of Map.groupBy(messages, (message) => message.device)) {
    // The publisher's figures read an alert without a level as 0.
    const levels = new Map(own.map((message) => [dayOf(message), Number(message.payload.fillingLevel ?? 0)]))
    const days = [...levels]
    let run = 0
    days.forEach(([day, level], index) => {
      const [dayBefore, levelBefore] = days[index - 1] ?? ['', Number.NaN]
      const apart = (Date.parse(day) - Date.parse(dayBefore)) / 86_400_000
      if (apart > 1) facts.skips++
      if (apart === 1 && levelBefore - level > 0.39) facts.drops++
      run = level === levelBefore ? run + 1 : 1
      if (level > 0 && run > facts.longestRun.readings) facts.longestRun = { device, readings: run }
    })
  }
  return facts
}

const dayOf = ({ at }: ReadMessage): string => localParts(at, 'Australia/Melbourne').day

describe('excerpts', () => {
  test('Edinburgh', async () => {
    expect(await edinburghFacts(fixture('bins-edinburgh-2016'))).toEqual({
      rows: 235,
      bins: 9,
      emptyings: 235,
      from80: 132,
      from90: 94,
      under30: 5,
      median: 0.82,
      medianHours: expect.closeTo(47.9, 2),
      repeated: 0,
    })
  })

  test('Wyndham', async () => {
    expect(await wyndhamFacts(fixture('bins-wyndham-2018-2021'))).toMatchObject({
      rows: 252,
      bins: 2,
      overThreshold: 34,
      alerts: 2,
      alertsWithoutLevel: 2,
      repeatedDays: 10,
      skips: 24,
      drops: 32,
    })
  })
})

describeWith(requirements.recordings(), 'whole recordings', () => {
  test('Edinburgh', async () => {
    expect(await edinburghFacts(recordingFolder('bins-edinburgh-2016'))).toEqual({
      rows: 8068,
      bins: 268,
      emptyings: 8068,
      from80: 4269,
      from90: 3126,
      under30: 127,
      median: 0.81,
      medianHours: expect.closeTo(40.8, 1),
      repeated: 0,
    })
  })

  test('Wyndham', async () => {
    expect(await wyndhamFacts(recordingFolder('bins-wyndham-2018-2021'))).toEqual({
      rows: 22_629,
      bins: 24,
      days: 952,
      overThreshold: 4056,
      alerts: 1406,
      alertsWithoutLevel: 579,
      repeatedDays: 552,
      skips: 324,
      drops: 3422,
      longestRun: { device: 'bin-1511191', readings: 195 },
    })
  })
})
