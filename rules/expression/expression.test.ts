/** Expressions against CEL itself as oracle, and what is unknown, misspelt or too much. */
import { Environment } from '@marcbachmann/cel-js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deviceTypes } from '../../model/devices/table.ts'
import { compileExpression, type ExpressionContext } from './expression.ts'
import { createLocation, type Location } from './location.ts'
import { emptyScope, type Layout, type Scope, type Value } from './scope.ts'
import { createCelEnvironment, joinVocabularies, type Parameter } from './vocabulary.ts'

function dialect(
  type: string,
  parameters: Record<string, Parameter> = {},
  others: readonly string[] = [],
): ExpressionContext {
  const all = [type, ...others].flatMap((name) => deviceTypes.get(name) ?? [])
  const own = all[0]
  if (!own) throw new Error(type)
  const words = {
    type: own,
    ...joinVocabularies(own, all),
    parameters: new Map(Object.entries(parameters)),
    signals: [],
  }
  const layout: Layout = { type, fields: [] }
  return {
    vocabulary: words,
    layout,
    environment: createCelEnvironment(words),
    reads: new Set(),
    uses: { event: false, time: false, signal: false, parameters: new Set() },
  }
}

function scopeOf({ layout, vocabulary: words }: ExpressionContext, values: Record<string, Value>): Scope {
  const slots = layout.fields.map((field) => values[field])
  return { ...emptyScope(), type: words.type.type, slots, reported: slots, times: slots.map(() => 1) }
}

function evaluate(
  text: string,
  values: Record<string, Value>,
  one = dialect('elevator'),
): boolean | undefined {
  const compiled = compileExpression(text, [one])
  if ('problems' in compiled) throw new Error(compiled.problems.join('; '))
  return compiled.evaluate(scopeOf(one, values))
}

const faultsOf = (text: string, ...dialects: ExpressionContext[]): readonly string[] => {
  const compiled = compileExpression(text, dialects.length > 0 ? dialects : [dialect('elevator')])
  return 'problems' in compiled ? compiled.problems : []
}

const nowhere = { timeZone: undefined, latitude: undefined, longitude: undefined }

describe('with every value known', () => {
  /** Random expressions over three fields, in CEL. */
  const number = fc.letrec<{ number: string; truth: string }>((tie) => ({
    number: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom('carSpeed', 'carLoad', '0.5', '2.0', '-1.5'),
      fc
        .tuple(tie('number'), fc.constantFrom('+', '-', '*'), tie('number'))
        .map(([left, op, right]) => `(${left} ${op} ${right})`),
    ),
    truth: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(
        'carDoorZone',
        '!carDoorZone',
        "carDoorStatus == 'closed'",
        "carDoorStatus in ['opened', 'opening']",
      ),
      fc
        .tuple(tie('number'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('number'))
        .map(([left, op, right]) => `${left} ${op} ${right}`),
      fc
        .tuple(tie('truth'), fc.constantFrom('&&', '||'), tie('truth'))
        .map(([l, op, r]) => `(${l} ${op} ${r})`),
      tie('truth').map((inner) => `!(${inner})`),
      fc.tuple(tie('truth'), tie('truth'), tie('truth')).map(([t, y, n]) => `(${t} ? ${y} : ${n})`),
    ),
  })).truth

  test('answers as CEL does', () => {
    const oracle = new Environment()
      .registerVariable('carSpeed', 'double')
      .registerVariable('carLoad', 'double')
      .registerVariable('carDoorZone', 'bool')
      .registerVariable('carDoorStatus', 'string')
    const values = fc.record({
      carSpeed: fc.double({ min: -20, max: 20, noNaN: true }),
      carLoad: fc.constantFrom(0, 0.5, 2, 100),
      carDoorZone: fc.boolean(),
      carDoorStatus: fc.constantFrom('closed', 'opened'),
    })
    fc.assert(
      fc.property(number, values, (text, known) => {
        expect(evaluate(text, known)).toBe(oracle.evaluate(text, known))
      }),
      { numRuns: 500 },
    )
  })
})

test('a text stays a text, whatever is in it', () => {
  const unit = fc.constantFrom('"', "'", '`', '\\', '\n', '\u2028', '${', '}', ';', '//')
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      const one = dialect('elevator', { same: text, twin: text, other: `${text}.` })
      expect(['same == twin', 'same == other'].map((words) => evaluate(words, {}, one))).toEqual([
        true,
        false,
      ])
    }),
  )
})

describe('a missing or NaN value', () => {
  test.each([
    ['carSpeed > 1.0', undefined],
    ['!(carSpeed > 1.0)', undefined],
    ['carSpeed != 1.0', undefined],
    ['carSpeed > 1.0 || carDoorZone', true],
    ['carSpeed > 1.0 && carDoorZone', undefined],
    ['carSpeed > 1.0 && !carDoorZone', false],
    ['carSpeed > 1.0 ? true : false', undefined],
    ['carSpeed + 1.0 > 0.0', undefined],
    ['carLoad / carLoad > 0.0', undefined],
    ['!(carLoad / carLoad > 0.0)', undefined],
    ['orElse(carSpeed, 3.0) > 1.0', true],
    ['abs(carSpeed) > 1.0', undefined],
    ['changed(carLoad)', undefined],
    ['fell(carLoad, 0.3)', undefined],
    ['rose(carLoad, 0.3, 60.0)', undefined],
    ["carDoorStatus in ['closed']", undefined],
  ])('%s is %s', (text, expected) => {
    expect(evaluate(text, { carDoorZone: true, carLoad: 0 })).toBe(expected)
  })

  test('fell: by so much or more, whatever the difference is in binary', () => {
    const one = dialect('bin')
    const compiled = compileExpression('fell(fillingLevel, 0.3)', [one])
    if (!('evaluate' in compiled)) throw new Error('not compiled')
    const from = (before: number, now: number) =>
      compiled.evaluate({ ...scopeOf(one, { fillingLevel: now }), previous: [before] })
    expect([from(1, 0.7), from(0.7, 0.4), from(0.7, 0.41), from(0.4, 0.7)]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  test('deviceType: of the device, in a rule about several', () => {
    const two = [dialect('bin'), dialect('elevator')]
    const compiled = compileExpression("deviceType == 'bin'", two)
    if (!('evaluate' in compiled)) throw new Error('not compiled')
    expect(two.map((one) => compiled.evaluate(scopeOf(one, {})))).toEqual([true, false])
  })

  test('rose: by so much or more since a value that is not too old', () => {
    const one = dialect('bin')
    const compiled = compileExpression('rose(fillingLevel, 0.3, 60.0)', [one])
    if (!('evaluate' in compiled)) throw new Error('not compiled')
    const later = (seconds: number, before: number, at?: readonly number[]) => {
      const previousTimes = { ts: 1e12, at }
      const scope = { ...scopeOf(one, { fillingLevel: 0.7 }), previous: [before], previousTimes }
      return compiled.evaluate({ ...scope, now: 1e12 + seconds * 1000 })
    }
    expect([later(60, 0.4), later(60, 0.41), later(61, 0.4), later(61, 0.41)]).toEqual([
      true,
      false,
      undefined,
      false,
    ])
    expect([later(30, 0.4, [1e12 - 30_000]), later(30, 0.4, [1e12 - 31_000])]).toEqual([true, undefined])
  })

  test('a value older than it may be is missing', () => {
    const one = dialect('elevator')
    const compiled = compileExpression('carSpeed > 1.0', [one])
    if (!('evaluate' in compiled)) throw new Error('not compiled')
    const scope = { ...scopeOf(one, { carSpeed: 2 }), times: [1000] }
    expect(compiled.evaluate({ ...scope, minTime: 1000 })).toBe(true)
    expect(compiled.evaluate({ ...scope, minTime: 1001 })).toBeUndefined()
  })
})

describe('the words of time', () => {
  /** Sunday, 2026-03-01, 22:30 in Shanghai; the sun is down. */
  const evening = Date.UTC(2026, 2, 1, 14, 30)
  const shanghai = createLocation({ timeZone: 'Asia/Shanghai', latitude: 31.2, longitude: 121.5 })
  const told = (text: string, now: number, location: Location | undefined = shanghai) => {
    const one = dialect('elevator', { from: 22, end: 6 })
    const compiled = compileExpression(text, [one])
    if ('problems' in compiled) throw new Error(compiled.problems.join('; '))
    expect(one.uses.time).toBe(true)
    return compiled.evaluate({ ...scopeOf(one, { carSpeed: 2 }), now, location })
  }
  test.each([
    ['localHour() == 22.5', true],
    ['between(22.0, 6.0)', true],
    ['between(22, 6)', true],
    ['between(from, end)', true],
    ['between(6, 22.5)', false],
    ['between(6.0, 23.0)', true],
    ['dayOfWeek() == 7', true],
    ['dayOfWeek() in [6, 7]', true],
    ['dayOfWeek() in [1.0, 5.0]', false],
    ['dayOfWeek() > 5', true],
    ['dayOfWeek() <= 5.0', false],
    ['sunElevation() < -0.833', true],
    ['sunElevation() > 0.0 && carSpeed > 1.0', false],
    ['carSpeed > 1.0 && between(22, 6)', true],
  ])('%s is %s', (text, expected) => {
    expect(told(text, evening)).toBe(expected)
    expect(told(text, Number.NaN), 'at no time').toBe(undefined)
    expect(told(text, evening, createLocation(nowhere)), 'nowhere').toBe(undefined)
  })
  test.each([
    ['between(22.0)', /between/],
    ['between("22", 6)', /between/],
    ['localHour() == "x"', /double/],
    ['dayOfWeek() == 8', /dayOfWeek\(\) is 1 \(Monday\) to 7/],
    ['dayOfWeek() in [0, 1]', /dayOfWeek/],
    ['dayOfWeek() == "Mon"', /dayOfWeek/],
    ['dayOfWeek() == 1.5', /dayOfWeek/],
    ['dayOfWeek() == true', /dayOfWeek/],
    ['dayOfWeek() && carDoorZone', /dayOfWeek|bool/],
  ])('%s is refused', (text, expected) => {
    expect(faultsOf(text).join()).toMatch(expected)
  })
})

describe('refused', () => {
  test.each([
    ['carSped > 1.0', /carSped/],
    ['carSpeed > "fast"', /double/],
    ['carSpeed + 1', /double|int/],
    ['carSpeed + 1.0', /gives double/],
    ['carMode == "nromal"', /"nromal" is not a value of carMode \(unknown, normal/],
    ['carMode in ["normal", "inspektion"]', /"inspektion"/],
    ['"doors" in faultSignals', /"doors" is not a value of faultSignals/],
    ['deviceType == "lorry"', /"lorry" is not a value of deviceType \(elevator, /],
    ['event == "sos"', /"sos" is not a value of event/],
    ['carMode.matches("(a+)+$")', /matches\(\) cannot be used/],
    ['faultSignals.exists(x, x == "a")', /exists\(\) cannot be used/],
    ['changed(1.0)', /needs the name of a field/],
    ['fell(1.0, 0.3)', /needs the name of a field/],
    ['fell(carLoad, true)', /fell/],
    ['rose(1.0, 2.0, 60.0)', /needs the name of a field, by how much/],
    ['rose(carLoad, 2.0)', /rose/],
    ['meta.nope == "x"', /nope/],
    ['carSpeed >', /EOF/],
    ['meta', /gives|cannot/],
  ])('%s', (text, expected) => {
    expect(faultsOf(text).join('\n')).toMatch(expected)
  })

  test('10,000 clauses, great depth and great length', () => {
    const many = Array.from({ length: 10_000 }, () => 'carDoorZone').join(' && ')
    expect(faultsOf(many)).toHaveLength(1)
    expect(faultsOf(Array.from({ length: 300 }, () => 'carDoorZone').join('&&'))).toHaveLength(1)
    expect(faultsOf(`${'!('.repeat(80)}carDoorZone${')'.repeat(80)}`)).toHaveLength(1)
  })
})

test('a field that only one of several types has is unknown for the others', () => {
  const [door, motion] = [dialect('door', {}, ['motion']), dialect('motion', {}, ['door'])]
  const compiled = compileExpression("contact || meta.role == 'movement'", [door, motion])
  if (!('evaluate' in compiled)) throw new Error(compiled.problems.join())
  expect(compiled.evaluate(scopeOf(door, { contact: true }))).toBe(true)
  expect(compiled.evaluate(scopeOf(motion, {}))).toBeUndefined()
  expect(compiled.evaluate({ ...scopeOf(motion, {}), meta: { role: 'movement' } })).toBe(true)
})

test('of a device of another type nothing is known, whatever stands in the slots of its own fields', () => {
  const bin = dialect('bin')
  const compiled = compileExpression('temperature > 60.0', [bin])
  if ('problems' in compiled) throw new Error(compiled.problems.join('; '))
  const hot = scopeOf(bin, { temperature: 61 })
  expect(compiled.evaluate(hot)).toBe(true)
  expect(compiled.evaluate({ ...hot, type: 'elevator' })).toBeUndefined()
})
