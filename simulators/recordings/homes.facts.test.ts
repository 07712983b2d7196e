/** The figures that the READMEs of the home recordings state, recomputed from the converted log. */
import { expect, test } from 'vitest'
import { convertMessages, type ReadMessage } from '../../tests/support/converted-recording.ts'
import { hoursBetween, localParts } from '../../tests/support/figures.ts'
import { describeWith, recordingFolder, requirements } from '../../tests/support/requires.ts'

const telemetryOf = (messages: readonly ReadMessage[], prefix: string): ReadMessage[] =>
  messages.filter(({ device, channel }) => device.startsWith(prefix) && channel === 'telemetry')

/** A gap runs from the closing of one opening to the next opening. */
function doorFacts(messages: readonly ReadMessage[], door: string, timeZone: string) {
  const own = messages.filter(({ device, channel }) => device === door && channel === 'telemetry')
  const openings = own.filter(({ payload }) => payload.contact === false)
  const closings = own.filter(({ payload }) => payload.contact === true)
  const gaps = openings.slice(1).map(({ at }, index) => {
    const from = closings[index]?.at ?? Number.NaN
    return { from, to: at, hours: (at - from) / 3600_000 }
  })
  return {
    openings: openings.length,
    counted: Number(own.at(-1)?.payload.openCount ?? 0),
    longest: Math.max(0, ...gaps.map(({ hours }) => hours)),
    over24: gaps.filter(({ hours }) => hours > 24),
    over48: gaps.filter(({ hours }) => hours > 48).length,
    atNight: openings.filter(({ at }) => localParts(at, timeZone).hour < 5).length,
  }
}

/** Times between two changes of any sensor of a home, longest first. */
function silences(messages: readonly ReadMessage[]) {
  return hoursBetween(messages.map(({ at }) => at))
    .map((hours, index) => ({ hours, framedBy: [messages[index]?.device, messages[index + 1]?.device] }))
    .sort((a, b) => b.hours - a.hours)
}

const rounded = (values: readonly { readonly hours: number }[]): number[] =>
  values.map(({ hours }) => Math.round(hours * 100) / 100)

describeWith(requirements.recordings(), 'Kasteren and MIT homes', () => {
  const converted = convertMessages('homes-kasteren-mit', recordingFolder('homes-kasteren-mit'))

  test('every row gives two messages; only certain doors are entrance doors', async () => {
    const { messages, community, report } = await converted
    expect(report.rows).toBe(1229 + 19_075 + 1962)
    expect(['houseA', 'houseB', 'houseE'].map((home) => telemetryOf(messages, home).length)).toEqual([
      2 * 1229,
      2 * 19_075,
      2 * 1962,
    ])
    const entrances = community.devices.filter(({ meta }) => meta.role === 'entrance').map(({ id }) => id)
    expect(entrances).toEqual(['houseA-12', 'houseB-7'])
    expect(community.homes.map(({ id, persons }) => [id, persons])).toEqual([
      ['houseA', 1],
      ['houseB', 1],
      ['houseE', 1],
    ])
  })

  test('house A: openings, gaps and silences of the front door', async () => {
    const { messages } = await converted
    const door = doorFacts(messages, 'houseA-12', 'Europe/Amsterdam')
    expect(door).toMatchObject({ openings: 90, counted: 90, over48: 0, atNight: 4 })
    expect(door.longest).toBeCloseTo(47.89, 2)
    expect(door.over24.length).toBe(3)
    const home = telemetryOf(messages, 'houseA')
    const inner = home.filter(({ device }) => device !== 'houseA-12')
    for (const { from, to } of door.over24) expect(inner.filter(({ at }) => at > from && at < to)).toEqual([])
    const long = silences(home)
    const over12 = long.filter(({ hours }) => hours > 12)
    expect(rounded(over12)).toEqual([47.89, 45.56, 42.71, 23.38, 15.64, 12.87])
    for (const { framedBy } of over12) expect(framedBy).toEqual(['houseA-12', 'houseA-12'])
  })

  test('house B: the front door has no activation but is a device; the others have some', async () => {
    const { messages, community, report } = await converted
    expect(messages.filter(({ device }) => device === 'houseB-7')).toEqual([])
    expect(community.devices.find(({ id }) => id === 'houseB-7')).toMatchObject({
      type: 'door',
      home: 'houseB',
      meta: { role: 'entrance' },
    })
    const home = telemetryOf(messages, 'houseB')
    expect(rounded(silences(home).slice(0, 6))).toEqual([50.89, 24.14, 20.93, 17.39, 16.39, 12.8])
    // Sensors without a name in the recording: one in A, six in B.
    expect(report.problems.find(({ reason }) => reason === 'unknown-sensor')?.count).toBe(703)
  })

  test('house E: hallway door, kitchen door, silences', async () => {
    const { messages } = await converted
    const door = doorFacts(messages, 'houseE-85', 'America/New_York')
    expect(door).toMatchObject({ openings: 39, over48: 1, atNight: 0 })
    expect(door.longest).toBeCloseTo(80.75, 2)
    expect(door.over24.length).toBe(4)
    const kitchen = messages
      .filter(({ device, payload }) => device === 'houseE-51' && payload.contact === true)
      .map(({ payload }) => Number(payload.lastOpenDuration))
    expect([kitchen.filter((seconds) => seconds > 600).length, Math.max(...kitchen)]).toEqual([28, 56_993])
    expect(rounded(silences(telemetryOf(messages, 'houseE')).slice(0, 1))).toEqual([8.32])
  })

  test('a sensor sends at least one message every 24 h until its last activation', async () => {
    const { messages } = await converted
    for (const [device, own] of Map.groupBy(messages, (message) => message.device)) {
      const longest = Math.max(0, ...hoursBetween(own.map(({ at }) => at)))
      expect({ device, longest: longest <= 24 }).toEqual({ device, longest: true })
      expect(own.at(-1)?.channel).toBe('telemetry')
    }
  })
})

describeWith(requirements.recordings(), 'Ordonez home', () => {
  const converted = convertMessages('homes-ordonez', recordingFolder('homes-ordonez'))

  test('openings and gaps of the entrance door, with the person at home in each long one', async () => {
    const { messages, community, report } = await converted
    const [entrance, ...others] = community.devices.filter(({ meta }) => meta.role === 'entrance')
    expect([entrance?.id, others, report.rows, report.devices]).toEqual([
      'OrdonezA-Maindoor-Entrance',
      [],
      409,
      12,
    ])
    const door = doorFacts(messages, 'OrdonezA-Maindoor-Entrance', 'Europe/Madrid')
    expect(door).toMatchObject({ openings: 31, over48: 0, atNight: 1 })
    expect(door.longest).toBeCloseTo(45.47, 2)
    const begun = messages.filter(
      ({ device, payload }) =>
        device !== entrance?.id && (payload.occupancy === true || payload.contact === false),
    )
    const within = door.over24.map(({ from, to }) => begun.filter(({ at }) => at > from && at < to).length)
    expect(within.sort((a, b) => b - a)).toEqual([66, 47, 47])
  })

  test('longest silence', async () => {
    const { messages } = await converted
    expect(rounded(silences(telemetryOf(messages, 'OrdonezA')).slice(0, 1))).toEqual([10.23])
  })
})
