/** Recordings with other contents than the excerpts, and with all kinds of bad rows. */
import { hash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { convertFolder, convertMessages, withRecording } from '../../tests/support/converted-recording.ts'
import { convertRecording, recordingFormats } from './convert.ts'

const convert = (format: string, files: Readonly<Record<string, string>>) =>
  withRecording(files, (dir) => convertMessages(format, dir))

type Converted = Awaited<ReturnType<typeof convert>>
const reasonsOf = ({ report }: Converted): Record<string, number> =>
  Object.fromEntries(report.problems.map(({ reason, count }) => [reason, count]))
const sayings = ({ messages }: Converted) =>
  messages.map(({ device, channel, payload: { ts, seq: _, ...values } }) => [device, channel, ts, values])

describe('homes (house*)', () => {
  const names = '1\tFront door\n2\tKitchen PIR\n3\tnever used cupboard\n'

  test('other houses, rows out of order, unknown sensors and broken rows', async () => {
    const converted = await convert('homes-kasteren-mit', {
      'houseQ7.sensors':
        '1230000600\t5\t2\r\n1230000000\t10\t1\r\nhello\n1230000000\t-4\t1\n1230000000\t4\n\n1230000000\t4\t1\t9\n99\t1\t1\n1230000900\t3\t77\n',
      'houseQ7.sensor_names': `${names}x\tbroken\n`,
      'houseZ.sensors': '1058400000\t2\t4\n',
      'houseZ.sensor_names': '4\tFoyer,Door\n5\tKitchen,Drawer\n',
    })
    expect(reasonsOf(converted)).toEqual({
      'broken-name': 1,
      'out-of-order': 1,
      'broken-row': 3,
      'negative-duration': 1,
      'time-out-of-range': 1,
      'unknown-sensor': 1,
    })
    expect(converted.report.rows).toBe(9)
    expect(sayings(converted)).toEqual([
      // 17 July 2003 is summer time in Boston, 23 December 2008 winter time in Amsterdam.
      ['houseZ-4', 'telemetry', '2003-07-17T04:00:00.000Z', { contact: false, openCount: 1 }],
      [
        'houseZ-4',
        'telemetry',
        '2003-07-17T04:00:02.000Z',
        { contact: true, openCount: 1, lastOpenDuration: 2 },
      ],
      ['houseQ7-1', 'telemetry', '2008-12-23T01:40:00.000Z', { contact: false, openCount: 1 }],
      [
        'houseQ7-1',
        'telemetry',
        '2008-12-23T01:40:10.000Z',
        { contact: true, openCount: 1, lastOpenDuration: 10 },
      ],
      ['houseQ7-2', 'telemetry', '2008-12-23T01:50:00.000Z', { occupancy: true }],
      ['houseQ7-2', 'telemetry', '2008-12-23T01:50:05.000Z', { occupancy: false }],
      ['houseQ7-77', 'telemetry', '2008-12-23T01:55:00.000Z', { occupancy: true }],
      ['houseQ7-77', 'telemetry', '2008-12-23T01:55:03.000Z', { occupancy: false }],
    ])
    expect(converted.community.devices.map(({ id, type, home, meta }) => [id, type, home, meta])).toEqual([
      ['houseQ7-1', 'door', 'houseQ7', { role: 'entrance' }],
      ['houseQ7-2', 'motion', 'houseQ7', { role: 'movement' }],
      ['houseQ7-3', 'door', 'houseQ7', { role: 'cabinet' }],
      ['houseQ7-77', 'motion', 'houseQ7', {}],
      ['houseZ-4', 'door', 'houseZ', { room: 'Foyer', role: 'interior' }],
      ['houseZ-5', 'door', 'houseZ', { room: 'Kitchen', role: 'cabinet' }],
    ])
  })

  test('rows in any order give the same log', async () => {
    const rows = ['1230000000\t10\t1', '1230000600\t5\t2', '1230000700\t9\t1', '1230000700\t9\t1']
    const of = (list: readonly string[]) =>
      convert('homes-kasteren-mit', { 'houseA.sensors': list.join('\n'), 'houseA.sensor_names': names })
    expect((await of(rows.toReversed())).lines).toEqual((await of(rows)).lines)
  })

  test('reports the last opening duration with the next opening; keeps and reports repeated and overlapping activations', async () => {
    const converted = await convert('homes-kasteren-mit', {
      'houseA.sensors': '1230000000\t10\t1\n1230000000\t10\t1\n1230000005\t20\t1\n',
      'houseA.sensor_names': names,
    })
    expect(reasonsOf(converted)).toEqual({ 'repeated-activation': 1, 'overlapping-activation': 1 })
    expect(converted.messages.at(-1)?.payload).toMatchObject({
      contact: true,
      openCount: 3,
      lastOpenDuration: 20,
    })
    expect(converted.messages.length).toBe(6)
  })

  test('rejects a house without a names file', async () => {
    await expect(
      convert('homes-kasteren-mit', { 'houseA.sensors': '1230000000\t10\t1\n' }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('houseA.sensor_names'),
    })
  })
})

test('homes (Ordonez): another home, unknown types, broken rows', async () => {
  const converted = await convert('homes-ordonez', {
    'OrdonezB_Sensors.txt': [
      'Start time          \tEnd time            \tLocation\tType\t\tPlace',
      '--------------------\t--------------------\t--------\t--------\t-----',
      '2012-11-12 01:00:00\t\t2012-11-12 01:05:00\t\tDoor\t\tPIR\t\tKitchen',
      '2012-11-11 21:14:21\t\t2012-11-12 00:22:59\t\tSeat\t\tPressure\tLiving\t',
      '2012-11-12 02:00:00\t\t2012-11-12 02:00:09\t\tDoor\t\tPIR\t\tBedroom',
      '2012-11-12 03:00:00\t\t2012-11-12 03:00:09\t\tMaindoor\tMagnetic\tEntrance',
      '2012-11-12 04:00:00\t\t2012-11-12 04:00:09\t\tLamp\t\tRadar\t\tBedroom',
      '2012-11-12 05:00:00\t\t2012-11-12 04:00:09\t\tSeat\t\tPressure\tLiving',
      '2012-11-31 05:00:00\t\t2012-11-12 04:00:09\t\tSeat\t\tPressure\tLiving',
      'Seat\t\tPressure\tLiving',
    ].join('\n'),
  })
  expect(reasonsOf(converted)).toEqual({
    'out-of-order': 1,
    'ends-before-start': 1,
    'broken-time': 1,
    'broken-row': 1,
    'unknown-sensor': 1,
  })
  expect(converted.community.devices.map(({ id, type, meta }) => [id, type, meta.role])).toEqual([
    ['OrdonezB-Door-Kitchen', 'motion', 'movement'],
    ['OrdonezB-Seat-Living', 'motion', 'seat'],
    ['OrdonezB-Door-Bedroom', 'motion', 'movement'],
    ['OrdonezB-Maindoor-Entrance', 'door', 'entrance'],
    ['OrdonezB-Lamp-Bedroom', 'motion', undefined],
  ])
  expect(converted.messages[0]).toMatchObject({
    device: 'OrdonezB-Seat-Living',
    at: Date.parse('2012-11-11T20:14:21Z'),
  })
})

test('Edinburgh bins: other bins, broken fields, repeated events, rows out of order', async () => {
  const head =
    'collected_at_local,event_id,bin_id,bin_name,street,content,fill_before_pct,fill_after_pct,volume_l,weight_kg,frozen,partial,confidence\n'
  const converted = await convert('bins-edinburgh-2016', {
    'collections.csv': `${head}${[
      '2016-12-02 12:00:00,2,900005,"New, bin",S,Mixed,120,0,1,7,1,0,100',
      '2016-12-01 12:00:00,1,900005,"New, bin",S,Mixed,85,0,1,7,1,0,100',
      '2016-12-01 12:00:00,1,900005,"New, bin",S,Mixed,85,0,1,7,1,0,100',
      '2016-12-03 12:00:00,3,900010,,Other St,Mixed,full,5,1,,1,0,100',
      'yesterday,4,900005,B,S,Mixed,85,0,1,7,1,0,100',
      '2016-12-04 12:00:00,5,,B,S,Mixed,85,0,1,7,1,0,100',
      '2016-12-04 12:00:00,5,900005',
    ].join('\n')}\n`,
  })
  expect(reasonsOf(converted)).toEqual({
    'repeated-event': 1,
    'broken-number': 2,
    'broken-time': 1,
    'no-bin': 1,
    'broken-row': 1,
    'fillingLevel-out-of-range': 1,
  })
  expect(sayings(converted)).toEqual([
    ['bin-900005', 'telemetry', '2016-12-01T12:00:00.000Z', { fillingLevel: 0.85, cargoWeight: 7 }],
    ['bin-900005', 'event', '2016-12-01T12:01:00.000Z', { type: 'emptied' }],
    ['bin-900005', 'telemetry', '2016-12-01T12:01:00.000Z', { fillingLevel: 0 }],
    ['bin-900005', 'telemetry', '2016-12-02T12:00:00.000Z', { cargoWeight: 7 }],
    ['bin-900005', 'event', '2016-12-02T12:01:00.000Z', { type: 'emptied' }],
    ['bin-900005', 'telemetry', '2016-12-02T12:01:00.000Z', { fillingLevel: 0 }],
    ['bin-900010', 'event', '2016-12-03T12:01:00.000Z', { type: 'emptied' }],
    ['bin-900010', 'telemetry', '2016-12-03T12:01:00.000Z', { fillingLevel: 0.05 }],
  ])
})

test('rows in any order give the same log (excerpt of Edinburgh)', async () => {
  const path = new URL('../../tests/fixtures/bins-edinburgh-2016/collections.csv', import.meta.url)
  const [head = '', ...rows] = readFileSync(path, 'utf8').trimEnd().split('\n')
  const linesOf = async (list: readonly string[]) =>
    (await convert('bins-edinburgh-2016', { 'collections.csv': [head, ...list].join('\n') })).lines
  const right = await linesOf(rows)
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const mixed = rows.toSorted((a, b) => (hash('sha1', seed + a) < hash('sha1', seed + b) ? -1 : 1))
      expect(await linesOf(mixed)).toEqual(right)
    }),
    { numRuns: 10 },
  )
})

test('Wyndham bins: another threshold, alerts, repeated days, broken rows', async () => {
  const converted = await convert('bins-wyndham-2018-2021', {
    'daily_fill.csv': `Bin ID,Fullness,fullnessThreshold,timestamp,reason\n${[
      '77,6,6,02-01-2020,FULLNESS',
      '77,0,6,01-01-2020,ALERT',
      '77,10,6,01-01-2020,ALERT',
      '78,2,x,01-01-2020,SLEEPING',
      '78,11,8,02-01-2020,FULLNESS',
      '78,?,8,02-01-2020,FULLNESS',
      '78,2,8,2020-01-02,NOT_READY',
      ',2,8,02-01-2020,NOT_READY',
    ].join('\n')}\n`,
  })
  expect(reasonsOf(converted)).toEqual({
    'alert-without-level': 1,
    'repeated-day': 2,
    'unknown-reason': 1,
    'broken-threshold': 1,
    'broken-number': 1,
    'broken-time': 1,
    'no-bin': 1,
    'fillingLevel-out-of-range': 1,
  })
  expect(sayings(converted)).toEqual([
    ['bin-77', 'telemetry', '2020-01-01T02:00:00.000Z', { status: 'unknown' }],
    ['bin-78', 'telemetry', '2020-01-01T02:00:00.000Z', { status: 'ok', fillingLevel: 0.2 }],
    ['bin-77', 'telemetry', '2020-01-01T02:00:01.000Z', { status: 'unknown', fillingLevel: 1 }],
    ['bin-77', 'telemetry', '2020-01-02T02:00:00.000Z', { status: 'ok', fillingLevel: 0.6 }],
    ['bin-78', 'telemetry', '2020-01-02T02:00:00.000Z', { status: 'ok' }],
    ['bin-78', 'telemetry', '2020-01-02T02:00:01.000Z', { status: 'ok' }],
  ])
  expect(converted.community.devices.map(({ id, meta }) => [id, meta.binFullnessThreshold])).toEqual([
    ['bin-77', 0.6],
    ['bin-78', 0.8],
  ])
})

test('lift outages: other lifts, overlapping and endless outages, broken rows', async () => {
  const converted = await convert('elevators-mta-outages-2018', {
    'elevators.csv': 'station,mta_id,location\n"5 Av, East",EL1,Street\n,EL2,\n5 Av,EL1,again\n5 Av,,none\n',
    'outages.csv': `elevator,reason,out_of_service,first_missed,estimated_return\n${[
      'EL1,Repair,2018-03-01 02:00:00+00:00,2018-03-01 03:00:00.5+00:00,2018-03-01 01:00:00-05:00',
      'EL1,Maintenance,2018-03-01 01:00:00+00:00,2018-03-01 04:00:00+00:00,soon',
      'EL9,Inspection,2018-03-01 00:00:00+00:00,,',
      'EL1,Repair,2018-03-01 02:00:00,,',
      'EL1,Repair,2018-03-01 05:00:00+00:00,2018-03-01 04:00:00+00:00,',
      ',Repair,2018-03-01 05:00:00+00:00,,',
      'EL1,Repair',
    ].join('\n')}\n`,
  })
  expect(reasonsOf(converted)).toEqual({
    'repeated-lift': 1,
    'no-lift': 2,
    'unlisted-lift': 1,
    'broken-time': 2,
    'ends-before-start': 1,
    'broken-row': 1,
  })
  const modes = converted.messages.filter(({ channel }) => channel === 'telemetry')
  expect(
    modes.map(({ device, at, payload }) => [
      device,
      new Date(at).toISOString().slice(11, 19),
      payload.carMode,
    ]),
  ).toEqual([
    ['EL9', '00:00:00', 'inspection'],
    ['EL1', '01:00:00', 'inspection'],
    ['EL1', '02:00:00', 'out-of-service'],
    ['EL1', '03:00:00', 'inspection'],
    ['EL1', '04:00:00', 'normal'],
  ])
  expect(modes.map(({ payload }) => payload.estimatedReturn)).toEqual([
    undefined,
    undefined,
    Date.UTC(2018, 2, 1, 6) / 1000,
    undefined,
    undefined,
  ])
  const events = converted.messages.filter(({ channel }) => channel === 'event').map(({ payload }) => payload)
  expect(events.find(({ reason }) => reason === 'Repair')?.estimatedReturn).toBe('2018-03-01T06:00:00.000Z')
  expect(converted.community.devices.map(({ id }) => id)).toEqual(['EL1', 'EL2', 'EL9'])
})

test('lift door: a broken row does not shift the time of later rows', async () => {
  const converted = await convert('elevator-door-huawei', {
    'predictive-maintenance-dataset.csv':
      'ball-bearing;humidity;vibration\n90.5;73;18. Mrz\n90;73\nx;1e9;Jun 43\n17. Apr;73;19\n',
  })
  expect(reasonsOf(converted)).toEqual({
    'spreadsheet-date': 3,
    'spreadsheet-date-in-vibration': 2,
    'spreadsheet-date-in-ball-bearing': 1,
    'broken-row': 1,
    'broken-number': 1,
    'relativeHumidity-out-of-range': 1,
  })
  expect(sayings(converted)).toEqual([
    ['lift-1', 'telemetry', '2019-10-14T14:30:00.000Z', { doorBearing: 90.5, relativeHumidity: 73 }],
    ['lift-1', 'telemetry', '2019-10-14T14:30:00.750Z', { relativeHumidity: 73, doorVibration: 19 }],
  ])
})

test('lighting cabinet: newest day first, empty and broken lines do not shift later minutes', async () => {
  const day = (value: string) => Array.from({ length: 1440 }, () => value)
  const power = [...day('1000'), 'nan', '', 'x', '2500', ...day('0').slice(4)]
  const voltage = [...day('230'), 'nan', '', '221', ...day('222').slice(3), '220']
  const converted = await convert('lights-slightlimon-cabinet', {
    'power_w.txt': power.join('\n'),
    'voltage_v.txt': voltage.join('\n'),
  })
  expect(reasonsOf(converted)).toMatchObject({
    'missing-minute': 2,
    'missing-value': 2,
    'broken-number': 1,
    'files-differ-in-length': 1,
    'incomplete-day': 1,
  })
  expect(sayings(converted).slice(0, 3)).toEqual([
    ['cabinet-1', 'telemetry', '2020-02-21T07:30:00.000Z', { voltageR: 220 }],
    ['cabinet-1', 'telemetry', '2020-02-22T07:32:00.000Z', { voltageR: 221 }],
    ['cabinet-1', 'telemetry', '2020-02-22T07:33:00.000Z', { activePowerR: 2.5, voltageR: 222 }],
  ])
  expect(sayings(converted).at(-1)).toEqual([
    'cabinet-1',
    'telemetry',
    '2020-02-24T07:29:00.000Z',
    { activePowerR: 1, voltageR: 230 },
  ])
})

test('requests: other types, broken rows, repeated requests', async () => {
  const head =
    'CASE_ENQUIRY_ID,TYPE,OPEN_DT,TARGET_DT,CLOSED_DT,OnTime_Status,CASE_STATUS,QUEUE,neighborhood,LATITUDE,LONGITUDE,Source,closure_class\n'
  const { lines, report, community } = await withRecording(
    {
      'requests.csv': `${head}${[
        '2,Empty Litter Basket,07/02/2015 01:00:00 PM,07/04/2015 01:00:00 AM,,,Open,Q/1,,north,-71,App,',
        '1,Pothole,01/01/2015 12:30:00 AM,,01/01/2015 12:10:00 AM,OVERDUE,Closed,Q-1,North End,42.1,-71,App,Case Noted',
        '1,Pothole,01/01/2015 12:30:00 AM,,,,Closed,Q-1,North End,42.1,-71,App,',
        '3,Pothole,soon,,,,Open,Q-1,North End,42.1,-71,App,',
        '4,Pothole',
      ].join('\n')}\n`,
    },
    (dir) => convertFolder('requests-boston311-2015', dir),
  )
  expect(Object.fromEntries(report.problems.map(({ reason, count }) => [reason, count]))).toEqual({
    'closed-before-opened': 1,
    'repeated-request': 1,
    'broken-time': 1,
    'broken-row': 2,
  })
  expect(lines.slice(1).map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      id: '1',
      openedAt: '2015-01-01T05:30:00.000Z',
      deviceType: null,
      onTime: false,
      targetAt: null,
    }),
    expect.objectContaining({
      id: '2',
      openedAt: '2015-07-02T17:00:00.000Z',
      deviceType: 'bin',
      grid: null,
      latitude: null,
    }),
  ])
  expect(community.crews.map(({ id, deviceTypes }) => [id, deviceTypes])).toEqual([
    ['Q-1', ['bin']],
    ['Q-1-2', []],
  ])
})

describe('errors that stop a conversion', () => {
  test('an unknown format, listing the known ones', async () => {
    await expect(convert('bins-paris', {})).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('homes-ordonez'),
    })
  })

  test.each([...recordingFormats.keys()])('%s: an empty folder names what is missing', async (format) => {
    await expect(convert(format, {})).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('a missing folder', async () => {
    await expect(convertFolder('homes-ordonez', '/nowhere/at/all')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('one path for both files, and an unwritable path', async () => {
    const files = {
      'OrdonezA_Sensors.txt': '2012-11-12 01:00:00\t\t2012-11-12 01:05:00\t\tDoor\t\tPIR\t\tKitchen\n',
    }
    await withRecording(files, async (dir) => {
      const to = (out: string, communityPath: string) =>
        convertRecording({ format: 'homes-ordonez', inDir: dir, out, communityPath })
      await expect(to(`${dir}/x`, `${dir}/./x`)).rejects.toMatchObject({ code: 'USAGE' })
      await expect(to(`${dir}/log`, `${dir}/OrdonezA_Sensors.txt/c`)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      })
      expect(readdirSync(dir)).toEqual(['OrdonezA_Sensors.txt'])
    })
  })

  test('no readable row: reports the reasons and writes nothing', async () => {
    await withRecording({ 'OrdonezA_Sensors.txt': 'hello\nworld\n' }, async (dir) => {
      const out = `${dir}/log.jsonl`
      const community = `${dir}/c.yaml`
      await expect(
        convertRecording({ format: 'homes-ordonez', inDir: dir, out, communityPath: community }),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT', problems: [{ message: 'broken-row, 2 times' }] })
      expect([existsSync(out), existsSync(community)]).toEqual([false, false])
    })
  })
})
