/**
 * Residents' requests about street lights and litter baskets. They have no device, so they become recorded requests
 * (`model/recorded-request.ts`), not device messages; neighbourhoods become grids, queues become crews.
 */
import { join } from 'node:path'
import type { CommunityFileInput } from '../../../model/community-file.ts'
import { type RecordedRequest, requestLogHeader } from '../../../model/recorded-request.ts'
import { type Row, readTable } from '../delimited.ts'
import type { RecordingFormat, RecordingInput } from '../format.ts'
import { createWallClock, parseAmericanWall } from '../local-time.ts'
import { createIds, toName } from '../names.ts'
import { parseDecimal } from '../numbers.ts'

const columns = [
  'CASE_ENQUIRY_ID',
  'TYPE',
  'OPEN_DT',
  'TARGET_DT',
  'CLOSED_DT',
  'OnTime_Status',
  'CASE_STATUS',
  'QUEUE',
  'neighborhood',
  'LATITUDE',
  'LONGITUDE',
  'Source',
  'closure_class',
] as const
type Column = (typeof columns)[number]
type RequestRow = Row<Column>

const site = {
  id: 'boston',
  name: { zh: '波士顿', en: 'Boston' },
  timeZone: 'America/New_York',
  latitude: 42.36,
  longitude: -71.06,
}

const subjects: readonly (readonly [RegExp, string])[] = [
  [/street\s?light/i, 'streetlight'],
  [/litter basket|trash|\bbin\b/i, 'bin'],
]
const states: Readonly<Record<string, RecordedRequest['state']>> = { Open: 'open', Closed: 'closed' }
const onTimeByStatus: Readonly<Record<string, boolean>> = { ONTIME: true, OVERDUE: false }

export const requestsBoston: RecordingFormat = {
  folder: 'requests-boston311-2015',
  title: 'Street-light and litter-basket service requests, Boston',
  source:
    'City of Boston 311 service requests (data.boston.gov), by way of github.com/johnsliao/bostonservicemap, MIT',
  async convert(input) {
    const read = createReader(input)
    const requests: RecordedRequest[] = []
    const numbers = new Set<string>()
    let rows = 0
    const table = readTable(join(input.dir, 'requests.csv'), {
      columns,
      problems: input.problems,
      onRow: () => rows++,
    })
    for await (const row of table) {
      if (numbers.has(row.CASE_ENQUIRY_ID)) {
        input.problems.add('repeated-request', row.place, row.CASE_ENQUIRY_ID)
        continue
      }
      const request = read.request(row)
      if (!request) continue
      numbers.add(request.id)
      requests.push(request)
    }
    requests.sort((a, b) => Date.parse(a.openedAt) - Date.parse(b.openedAt))
    return { community: read.community(requests), rows, messages: requests.length, lines: format(requests) }
  },
}

function* format(requests: readonly RecordedRequest[]): Generator<string> {
  yield JSON.stringify(requestLogHeader)
  for (const request of requests) yield JSON.stringify(request)
}

function createReader(input: RecordingInput) {
  const { problems } = input
  const grids = createNamed()
  const crews = createNamed()
  const time = createTimeReader(input)
  return {
    /** Undefined (and reported) without a number or an opening time. */
    request(row: RequestRow): RecordedRequest | undefined {
      const openedAt = time(row, 'OPEN_DT')
      if (openedAt === null || row.CASE_ENQUIRY_ID === '') {
        problems.add('broken-row', row.place, `${row.CASE_ENQUIRY_ID} opened ${row.OPEN_DT}`)
        return undefined
      }
      const closedAt = time(row, 'CLOSED_DT')
      if (closedAt !== null && closedAt < openedAt)
        problems.add('closed-before-opened', row.place, row.CLOSED_DT)
      return {
        id: row.CASE_ENQUIRY_ID,
        openedAt,
        targetAt: time(row, 'TARGET_DT'),
        closedAt,
        type: row.TYPE,
        deviceType: subjects.find(([words]) => words.test(row.TYPE))?.[1] ?? null,
        site: site.id,
        grid: grids.id(row.neighborhood),
        latitude: parseDecimal(row.LATITUDE) ?? null,
        longitude: parseDecimal(row.LONGITUDE) ?? null,
        channel: row.Source,
        crew: crews.id(row.QUEUE),
        state: states[row.CASE_STATUS] ?? (closedAt === null ? 'open' : 'closed'),
        onTime: onTimeByStatus[row.OnTime_Status] ?? null,
        outcome: row.closure_class || null,
      }
    },
    community: (requests: readonly RecordedRequest[]): CommunityFileInput => ({
      sites: [site],
      grids: grids.list().map((grid) => ({ ...grid, site: site.id })),
      crews: crews
        .list()
        .map((crew) => ({ ...crew, site: site.id, deviceTypes: typesOf(crew.id, requests) })),
    }),
  }
}

/** Device types a crew was sent to; empty (= any) if it also had requests without a device. */
function typesOf(crew: string, requests: readonly RecordedRequest[]): string[] {
  const types = new Set(
    requests.filter((request) => request.crew === crew).map(({ deviceType }) => deviceType),
  )
  const devices = [...types].filter((type) => type !== null)
  return devices.length === types.size ? devices : []
}

function createTimeReader({ problems }: RecordingInput) {
  const toUtc = createWallClock(site.timeZone)
  return (row: RequestRow, column: 'OPEN_DT' | 'TARGET_DT' | 'CLOSED_DT'): string | null => {
    if (row[column] === '') return null
    const wall = parseAmericanWall(row[column])
    if (wall === undefined) {
      problems.add('broken-time', row.place, `${column} ${row[column]}`)
      return null
    }
    const { at, problem: doubt } = toUtc(wall)
    if (doubt) problems.add(doubt, row.place, `${column} ${row[column]}`)
    return new Date(at).toISOString()
  }
}

/** Ids of entities known by name only; an empty name gives null. */
function createNamed() {
  const idOf = createIds()
  const names = new Map<string, string>()
  return {
    id(name: string): string | null {
      if (name === '') return null
      const id = idOf(name)
      names.set(id, name)
      return id
    },
    list: () => [...names].map(([id, name]) => ({ id, name: toName(name) })),
  }
}
