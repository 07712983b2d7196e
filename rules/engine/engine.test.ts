/** The engine's own promises: late data told openly, a deaf hub, the registry, rules that throw. */
import { describe, expect, test } from 'vitest'
import type { Entry } from '../../model/entry.ts'
import type { CompiledRules } from '../compile/compiled-rule.ts'
import {
  at,
  compiled,
  device,
  directoryOf,
  entryOf,
  midnight,
  ruleText,
  type StoryMessage,
  shipped,
  story,
} from '../testing/community.ts'
import { createEngine } from './engine.ts'

const bins = directoryOf([device('b1', 'bin'), device('b2', 'bin')])
const hot = (more: Readonly<Record<string, unknown>> = {}) =>
  compiled([ruleText({ condition: { predicate: { when: 'temperature > 60.0', ...more } } })])
const says = (at: string, temperature: number, more: Partial<StoryMessage> = {}): StoryMessage => ({
  device: 'b1',
  at,
  values: { temperature },
  ...more,
})

describe('late readings', () => {
  test('one that ends the condition before its time retracts the alert, with a reason', () => {
    const end = story(hot({ for: '1m' }), bins)
      .say(says('1m', 61))
      .tick('3m')
    end.say(says('90s', 20, { receivedAt: '3m' }))
    expect(end.emitted()).toEqual(['began tested@120', 'retracted tested@120'])
    expect(end.findings[1]).toMatchObject({
      ended: true,
      reason: { en: 'Late data shows that this did not happen' },
    })
  })
  test('one that began it earlier moves the time and keeps the id', () => {
    const end = story(hot(), bins).say(says('2m', 61), says('1m', 61, { receivedAt: '2m 1s' }))
    const [began, corrected] = end.findings
    expect(corrected).toMatchObject({
      change: 'corrected',
      episode: began?.episode,
      raisedAt: at('1m'),
      startedAt: at('1m'),
      ended: false,
    })
  })
  test('one that ended it earlier moves the end', () => {
    const end = story(hot(), bins).say(
      says('1m', 61),
      says('4m', 20),
      says('3m', 20, { receivedAt: '4m 1s' }),
    )
    expect(end.emitted()).toEqual(['began tested@60', 'ended tested@240', 'corrected tested@180'])
  })
  test('one in between splits an episode in two', () => {
    const end = story(hot(), bins).say(
      says('1m', 61),
      says('4m', 61),
      says('3m', 20, { receivedAt: '4m 1s' }),
    )
    expect(end.emitted()).toEqual(
      ['began tested@60', 'corrected tested@180', 'began tested@240'].map((one) =>
        one.replace('corrected', 'ended'),
      ),
    )
  })
  test('one that proves a missed alert raises it late', () => {
    const end = story(hot(), bins).say(
      says('1m', 20),
      says('4m', 20),
      says('3m', 61, { receivedAt: '4m 1s' }),
    )
    expect(end.emitted()).toEqual(['began tested@180', 'ended tested@240'])
  })
  test('one older than 5 min changes no earlier result', () => {
    const end = story(hot(), bins).say(
      says('1m', 20),
      says('10m', 20),
      says('4m', 61, { receivedAt: '10m 1s' }),
    )
    expect(end.emitted()).toEqual([])
    expect(end.engine.stats().placed['too-late']).toBe(1)
  })
  test('late entries are history only, as are entries of a former version with a time ahead of the hub', () => {
    const end = story(hot(), bins).say(
      says('1m', 61, { quality: 'late' }),
      says('20m', 61, { receivedAt: '2m', quality: 'future' }),
    )
    expect(end.emitted()).toEqual([])
  })
  test('a clock that is ahead is replaced by the hub time', () => {
    const end = story(hot({ for: '2m' }), bins).say(
      ...['1m', '2m', '3m', '4m'].map((at) => says(at, 61, { quality: 'future' })),
    )
    expect(end.emitted()).toEqual(['began tested@180'])
  })
  test('a missing time is replaced by the hub time', () => {
    expect(
      story(hot(), bins)
        .say(says('1m', 61, { quality: 'unset' }))
        .emitted(),
    ).toEqual(['began tested@60'])
  })
})

describe('a clock that moved back by three hours', () => {
  const before = [says('190m', 20), says('199m', 20)]
  /** What the device says in its own time, three hours and a minute behind. */
  const behind = (minute: number, temperature: number): StoryMessage =>
    says(`${minute - 181}m`, temperature, { receivedAt: `${minute}m` })
  const minutes = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index)

  test('after ten minutes the device is evaluated again, in its new time', () => {
    const end = story(hot({ for: '2m' }), bins).say(...before)
    for (const minute of minutes(200, 230)) end.say(behind(minute, minute < 205 ? 20 : 70))
    // First believed at 210 min, which the device calls 29.
    expect(end.emitted()).toEqual([`began tested@${31 * 60}`])
    end.say(behind(231, 20))
    expect(end.emitted()).toEqual([`began tested@${31 * 60}`, `ended tested@${50 * 60}`])
  })
  test('an open episode ends by its later readings', () => {
    const end = story(hot(), bins).say(says('199m', 70))
    for (const minute of minutes(200, 215)) end.say(behind(minute, 20))
    expect(end.emitted()).toEqual([`began tested@${199 * 60}`, `ended tested@${199 * 60}`])
  })
  test('and a restart in between changes nothing', () => {
    const said = minutes(200, 230).map((minute) => ({ ...entryOf(behind(minute, 70), bins), seq: minute }))
    const rules = hot({ for: '2m' })
    const straight = createEngine({ rules, directory: bins })
    const all = [{ ...entryOf(says('199m', 20), bins), seq: 1 }, ...said]
    const wanted = all.flatMap((entry) => straight.apply(entry))
    let engine = createEngine({ rules, directory: bins })
    const rows = new Map<string, string>()
    const got = all.flatMap((entry) => {
      const found = engine.apply(entry)
      for (const [key, text] of engine.snapshot()) rows.set(key, text ?? '')
      engine = createEngine({ rules, directory: bins })
      engine.restore(rows)
      return found
    })
    expect(got).toEqual(wanted)
    expect(got).toHaveLength(1)
  })
  test('buffered readings are no clock regression', () => {
    const burst = story(hot(), bins).say(...before)
    for (const second of minutes(0, 120)) burst.say(says(`${second}m`, 70, { receivedAt: `200m ${second}s` }))
    expect(burst.emitted()).toEqual([])
    const between = story(hot(), bins).say(...before)
    for (const minute of minutes(200, 240)) between.say(behind(minute, 70), says(`${minute}m`, 20))
    expect(between.emitted()).toEqual([])
  })
})

test('in a group, a member whose clock is behind is evaluated in the order of its own readings', () => {
  const lamps = directoryOf(
    ['l1', 'l2', 'l3'].map((id) => device(id, 'streetlight', { circuit: 'c1', meta: { powerRating: 60 } })),
  )
  const power = (id: string, when: string, powerConsumption: number, receivedAt = when): StoryMessage => ({
    device: id,
    at: when,
    receivedAt,
    values: { powerState: 'on', powerConsumption, illuminanceLevel: 1 },
  })
  const circuit = story(shipped('circuit-outage'), lamps)
  for (let minute = 0; minute < 40; minute += 1) {
    const dark = (from: number) => (minute >= from ? 1 : 58)
    circuit.say(power('l2', `${minute + 8}m`, dark(20)), power('l3', `${minute + 8}m`, dark(20)))
    // Two messages in a row: the second is the newer one, although its text sorts before the first.
    circuit.say(power('l1', `${minute}m`, 58, `${minute + 8}m`))
    circuit.say(power('l1', `${minute}m 1s`, dark(12), `${minute + 8}m 1s`))
  }
  expect(circuit.emitted()[0]).toMatch(/began circuit-outage/)
})

describe('an outage of the hub', () => {
  const offline = () => story(shipped('device-offline'), directoryOf([device('l1', 'streetlight')]))
  const lamp = (at: string): StoryMessage => ({ device: 'l1', at, values: { powerState: 'on' } })

  test('devices that come back within 5 min are not missed', () => {
    const end = offline().tick('0s').say(lamp('10s')).tick('1m')
    end.tick('2h', 7140).tick('2h 4m').say(lamp('2h 4m 1s')).tick('2h 10m')
    expect(end.emitted()).toEqual([])
  })
  test('one that does not is raised once, at the due time, marked late', () => {
    const end = offline().tick('0s').say(lamp('10s')).tick('1m')
    end.tick('2h', 7140).tick('2h 20m')
    expect(end.emitted()).toEqual(['began device-offline@610'])
    expect(end.findings[0]?.lateBy).toBe(at('2h 5m') - at('610s'))
  })
  const hotBefore = (severity: string) =>
    story(
      compiled([
        ruleText({ severity, condition: { predicate: { when: 'temperature > 60.0', for: '10m' } } }),
      ]),
      bins,
    )
      .tick('0s')
      .say(says('1m', 61))
      .tick('2m')
  test('critical timers of readings that came due meanwhile fire at once, marked late', () => {
    const end = hotBefore('critical').tick('1h', 3480)
    expect(end.emitted()).toEqual(['began tested@660'])
    expect(end.findings[0]?.lateBy).toBe(at('1h') - at('11m'))
  })
  test('others wait 5 min for buffered readings and use those', () => {
    const end = hotBefore('medium').tick('1h', 3480)
    end.tick('1h 4m 59s')
    expect(end.emitted()).toEqual([])
    end.tick('1h 5m')
    expect(end.emitted()).toEqual(['began tested@660'])
    expect(end.findings[0]?.lateBy).toBe(at('1h 5m') - at('11m'))

    const over = hotBefore('medium')
      .tick('1h', 3480)
      .say(says('3m', 20, { receivedAt: '1h 10s' }))
    expect(over.tick('2h').emitted()).toEqual([])
    const ended = hotBefore('medium')
      .tick('1h', 3480)
      .say(says('12m', 20, { receivedAt: '1h 10s' }))
    expect(ended.tick('2h').emitted()).toEqual(['began tested@660', 'ended tested@720'])
  })
  test('a log without ticks has no outages', () => {
    const end = offline().say(lamp('10s'), lamp('2h'))
    expect(end.emitted()).toEqual(['began device-offline@610', 'ended device-offline@7200'])
    expect(end.findings[0]?.lateBy).toBeUndefined()
  })
})

describe('the registry', () => {
  test('a device added later is missed from then on; a removed one ends', () => {
    const [one, two] = [device('l1', 'streetlight'), device('l2', 'streetlight')]
    const directory = directoryOf([one])
    const end = story(shipped('device-offline'), directory).tick('0s').tick('1h', 30)
    directory.set([two])
    end.tick('2h', 30)
    expect(end.emitted()).toEqual([
      'began device-offline@600',
      'ended device-offline@3630',
      'began device-offline@4230',
    ])
    expect(end.findings[2]?.device).toBe('l2')
  })
  test('state goes on when a home gets another sensor', () => {
    const front = device('front', 'door', { home: 'h1', meta: { role: 'entrance' } })
    const directory = directoryOf([front])
    const opened: StoryMessage = { device: 'front', at: '1h', values: { contact: false } }
    const end = story(shipped('no-entrance-opening'), directory).say(opened)
    directory.set([front, device('hall', 'motion', { home: 'h1' })])
    end
      .tick('30h', 60)
      .say({ ...opened, at: '30h', values: { contact: true } })
      .tick('60h', 60)
      .say({ ...opened, at: '60h', values: { contact: true } })
      .tick('79h', 60)
    expect(end.emitted()).toEqual([`began no-entrance-opening@${78 * 3600}`])
  })
  test('an unknown device is counted and not evaluated', () => {
    const end = story(hot(), bins)
    end.apply({ ...entryOf(says('1m', 90), bins), device: 'stranger' })
    expect(end.engine.stats().unknownDevices).toBe(1)
    expect(end.emitted()).toEqual([])
  })
})

test('a rule that throws on one device is skipped there, counted and named; others continue', () => {
  const rules = hot()
  const broken = rules.list.map((rule) => ({
    ...rule,
    id: 'broken',
    condition: {
      ...rule.condition,
      step(state: unknown, moment: Parameters<typeof rule.condition.step>[1]) {
        if (moment.subject.id === 'b1') throw new Error('of b1')
        return rule.condition.step(state, moment)
      },
    },
  }))
  const both: CompiledRules = { ...rules, list: [...broken, ...rules.list] }
  const end = story(both, bins).say(says('1m', 61), says('2m', 62), says('3m', 61, { device: 'b2' }))
  expect(end.emitted()).toEqual(['began tested@60', 'began broken@180', 'began tested@180'])
  expect(end.engine.stats().failures).toEqual([{ rule: 'broken', subject: 'b1', count: 2, message: 'of b1' }])
})

test('an entry that cannot be processed is skipped; the next one is evaluated', () => {
  const broken = new Set(['new'])
  const directory = {
    ...bins,
    device(id: string) {
      if (broken.has(id)) throw new Error('no answer')
      return bins.device(id)
    },
  }
  const engine = createEngine({ rules: hot(), directory })
  engine.apply({ kind: 'tick', receivedAt: midnight, seq: 1 })
  expect(engine.apply({ ...entryOf(says('1m', 90, { device: 'new' }), bins), seq: 2 })).toEqual([])
  expect(engine.stats().failures).toEqual([{ rule: '*', subject: 'new', count: 1, message: 'no answer' }])
  const later = ['2m', '5m'].map((time, index) => ({ ...entryOf(says(time, 61), bins), seq: 3 + index }))
  expect(later.flatMap((entry) => engine.apply(entry))).toHaveLength(1)
})

describe('open episodes whose device or rule is gone when the hub starts', () => {
  const lamps = directoryOf(['l1', 'l2'].map((id) => device(id, 'streetlight')))
  const rules = shipped('device-offline')
  /** Rows after 20 minutes in which both lamps fell silent, and the seq of the last entry. */
  const stopped = () => {
    const end = story(rules, lamps).tick('0s').tick('20m')
    return { rows: new Map(end.engine.snapshot() as Map<string, string>), end }
  }
  const keep = (kept: Map<string, string>, rows: Map<string, string | null>): void => {
    for (const [key, text] of rows) {
      if (text === null) kept.delete(key)
      else kept.set(key, text)
    }
  }
  const tick = (seconds: number): Entry => ({ kind: 'tick', receivedAt: at('20m') + seconds * 1000 })

  test('a removed device or rule: its episode ends once, not before findings are published again', () => {
    const { rows, end } = stopped()
    const [first] = end.findings
    const cases = [
      [rules, directoryOf([device('l2', 'streetlight')]), 1],
      [shipped('battery-low'), lamps, 2],
      [rules, lamps, 0],
    ] as const
    for (const [now, directory, count] of cases) {
      const engine = createEngine({ rules: now, directory })
      engine.restore(rows, 5002)
      expect(engine.apply({ ...tick(1), seq: 5002 })).toEqual([])
      const told = [5003, 5004].flatMap((seq) => engine.apply({ ...tick(seq - 5000), seq }))
      expect(told.map(({ change, ended }) => `${change} ${ended}`)).toEqual(Array(count).fill('ended true'))
      if (count === 1) expect(told[0]).toMatchObject({ episode: first?.episode, at: at('20m'), seq: 5003 })
      // It is told, and nothing of it is left.
      const after = createEngine({ rules: now, directory })
      const kept = new Map(rows)
      keep(kept, engine.snapshot())
      after.restore(kept, 5004)
      expect(after.apply({ ...tick(5), seq: 5005 })).toEqual([])
    }
  })
  test('ends not published before another stop are published at the next start', () => {
    const { rows } = stopped()
    const directory = directoryOf([device('l2', 'streetlight')])
    const between = createEngine({ rules, directory })
    between.restore(rows, 5002)
    const kept = new Map(rows)
    keep(kept, between.snapshot())
    expect([...kept.keys()].some((key) => key.includes('l1'))).toBe(false)
    const after = createEngine({ rules, directory })
    after.restore(kept, 5002)
    expect(after.apply({ ...tick(5), seq: 5003 })).toHaveLength(1)
  })
  test('a call for help goes on without its sensor', () => {
    const directory = directoryOf([device('hall', 'motion')])
    const call: StoryMessage = { device: 'hall', kind: 'event', at: '1m', values: { type: 'sos' } }
    const end = story(shipped('sos-button'), directory).say(call)
    const engine = createEngine({ rules: shipped('sos-button'), directory: lamps })
    engine.restore(new Map(end.engine.snapshot() as Map<string, string>), 1)
    expect(engine.apply({ ...tick(1), seq: 2 })).toEqual([])
  })
})

test('a 48 h timer survives any number of restarts and fires once', () => {
  const front = directoryOf([device('front', 'door', { home: 'h1', meta: { role: 'entrance' } })])
  const rules = shipped('no-entrance-opening')
  const rows = new Map<string, string>()
  const found: string[] = []
  let seq = 0
  for (let hour = 0; hour <= 50; hour += 1) {
    const engine = createEngine({ rules, directory: front })
    engine.restore(rows)
    const values: StoryMessage['values'] = hour === 0 ? { contact: false } : { contact: true, openCount: 3 }
    for (const minute of [0, 59]) {
      seq += 1
      const entry = { ...entryOf({ device: 'front', at: `${hour}h ${minute}m`, values }, front), seq }
      found.push(
        ...engine.apply(entry).map(({ change, at: when }) => `${change} ${(when - midnight) / 3_600_000}`),
      )
    }
    for (const [key, value] of engine.snapshot()) if (value !== null) rows.set(key, value)
  }
  // The door was seen closed an hour after it was opened: that is the last act of a person.
  expect(found).toEqual(['began 49'])
})

test('advance fires as a tick would, and nextDue says when', () => {
  const end = story(hot({ for: '5m' }), bins).say(says('1m', 61))
  expect(end.engine.nextDue()).toBe(at('6m'))
  expect(end.engine.advance(at('6m') - 1)).toEqual([])
  expect(end.engine.advance(at('6m'))).toMatchObject([{ change: 'began', at: at('6m') }])
})

test('a device faster than the ring has a shorter window, also after a restart', () => {
  const rules = hot()
  const engine = createEngine({ rules, directory: bins })
  const reading = (second: number, temperature: number, seq: number) => ({
    ...entryOf(says(`${second}s`, temperature), bins),
    receivedAt: at('300s'),
    seq,
  })
  for (let second = 1; second <= 290; second += 1) engine.apply(reading(second, 20 + (second % 2), second))
  const again = createEngine({ rules, directory: bins })
  again.restore(new Map([...engine.snapshot()].flatMap(([key, row]) => (row === null ? [] : [[key, row]]))))
  for (const one of [engine, again]) {
    expect(one.apply(reading(20.5, 90, 291))).toEqual([])
    expect(one.stats().placed['too-late']).toBe(1)
    const found = one
      .apply(reading(200.5, 90, 292))
      .map(({ change, at: when }) => `${change} ${when - midnight}`)
    expect(found).toEqual(['began 200500', 'ended 201000'])
  }
})
