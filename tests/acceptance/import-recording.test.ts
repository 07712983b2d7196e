/** Every recording on its way into the hub: its community file is accepted and each of its messages is read whole. */
import { describe, expect, test } from 'vitest'
import { buildDirectory } from '../../community/directory.ts'
import { readCommunity } from '../../community/read.ts'
import { createPipeline } from '../../ingest/pipeline.ts'
import { parseRecorded } from '../../model/recorded-log.ts'
import { convertFolder } from '../support/converted-recording.ts'
import { describeWith, recordingFolder, requirements } from '../support/requires.ts'

/** What the messages of a converted folder come to: counts by channel, quarantined and dropped ones by reason. */
async function tally(format: string, dir: string) {
  const { communityText, lines } = await convertFolder(format, dir)
  const read = readCommunity(communityText, 'community.yaml')
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const directory = buildDirectory(read.file)
  const counts: Record<string, number> = {}
  const count = (what: string): void => {
    counts[what] = (counts[what] ?? 0) + 1
  }
  const pipeline = createPipeline(64, () => directory)
  for (const line of lines) {
    const message = parseRecorded(line)
    if ('fault' in message) {
      count(message.fault)
      continue
    }
    const receivedAt = Date.parse(message.receivedAt)
    const result = pipeline.ingest(message, () => receivedAt)
    if (result.kind === 'quarantined') count(result.reason)
    else if (result.kind === 'accepted') {
      count(`${result.entry.kind} ${result.entry.quality}`)
      for (const { field, fault } of result.dropped) count(`${field} ${fault}`)
    }
  }
  return counts
}

const fixture = (folder: string): string => new URL(`../fixtures/${folder}/`, import.meta.url).pathname

describe('excerpts', () => {
  test('bins', async () => {
    const edinburgh = await tally('bins-edinburgh-2016', fixture('bins-edinburgh-2016'))
    expect(edinburgh).toEqual({
      'telemetry live': 2 * 235,
      'event live': 235,
      'status live': expect.any(Number),
    })
    expect(await tally('bins-wyndham-2018-2021', fixture('bins-wyndham-2018-2021'))).toEqual({
      'telemetry live': 252,
    })
  })

  test('requests are no device messages, and their community file is right', async () => {
    const counts = await tally('requests-boston311-2015', fixture('requests-boston311-2015'))
    expect(counts).toEqual({ 'receivedAt is not an ISO 8601 time': 289 + 1 })
  })
})

describeWith(requirements.recordings(), 'whole recordings', () => {
  test.each([
    ['bins-edinburgh-2016', { 'telemetry live': 16_136, 'event live': 8068 }],
    ['bins-wyndham-2018-2021', { 'telemetry live': 22_629 }],
    ['elevator-door-huawei', { 'telemetry live': 112_001 }],
    // The number, reason and promise of an outage are for readers of the log; the hub has no field for them.
    ['elevators-mta-outages-2018', { 'telemetry live': 6774, 'event live': 6774, 'outage unknown': 6774 }],
    ['homes-kasteren-mit', { 'telemetry live': 44_532 }],
    ['homes-ordonez', { 'telemetry live': 818 }],
    ['lights-slightlimon-cabinet', { 'telemetry live': 8581 }],
  ])('%s', async (folder, expected) => {
    const counts = await tally(folder, recordingFolder(folder))
    expect(counts).toMatchObject(expected)
    const known = [
      'telemetry live',
      'event live',
      'status live',
      'outage unknown',
      'reason unknown',
      'estimatedReturn unknown',
    ]
    expect(Object.keys(counts).filter((what) => !known.includes(what))).toEqual([])
  })
})
