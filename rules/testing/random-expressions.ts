/** Random expressions and scopes of an elevator, for properties of the rule language. */
import fc from 'fast-check'
import { deviceTypes } from '../../model/devices/table.ts'
import type { ExpressionContext } from '../expression/expression.ts'
import { createLocation } from '../expression/location.ts'
import { emptyScope, type Scope, type Value } from '../expression/scope.ts'
import { createCelEnvironment, joinVocabularies } from '../expression/vocabulary.ts'

const elevator = deviceTypes.get('elevator')
if (!elevator) throw new Error('no elevator')
const vocabulary = {
  type: elevator,
  ...joinVocabularies(elevator, [elevator]),
  parameters: new Map([['limit', 0.5]]),
  signals: ['occupied'],
}
const fields = ['carSpeed', 'carLoad', 'carDoorZone', 'carDoorStatus', 'faultSignals'] as const
/** A context for an elevator with one parameter and one signal. */
export const elevatorContext: ExpressionContext = {
  vocabulary,
  layout: { type: 'elevator', fields: [...fields] },
  environment: createCelEnvironment(vocabulary),
  reads: new Set(),
  uses: { event: false, time: false, signal: false, parameters: new Set() },
}

interface Expressions {
  readonly number: string
  readonly truth: string
}

/** Random expressions over the elevator. `replacing`: with `orElse`, which replaces what is missing. */
export function randomExpressions({ replacing }: { readonly replacing: boolean }) {
  return fc.letrec<Expressions>((tie) => ({
    number: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom(
        ...['carSpeed', 'carLoad', 'limit', '0.5', '20.0', '(-1.5)'],
        ...['localHour()', 'sunElevation()', 'meta.ratedSpeed', 'home.persons'],
        ...(replacing ? ['orElse(carSpeed, 1.5)', 'orElse(carLoad, carSpeed)'] : []),
      ),
      fc
        .tuple(tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number'))
        .map(([left, op, right]) => `(${left} ${op} ${right})`),
      tie('number').map((inner) => `abs(${inner})`),
      tie('number').map((inner) => `(-(${inner}))`),
    ),
    truth: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(
        ...['carDoorZone', 'occupied', 'home.fragile', 'changed(carLoad)', 'changed(faultSignals)'],
        ...['grew(carSpeed)', 'fell(carLoad, 0.3)', 'rose(carLoad, 0.3, 60.0)'],
        ...["carDoorStatus == 'closed'", "carDoorStatus in ['opened', 'opening']"],
        ...["'position-lost' in faultSignals", 'between(22, 6)', 'between(8.0, 12.0)'],
        ...['dayOfWeek() in [6, 7]', 'dayOfWeek() <= 5', 'sunElevation() < 0.0'],
        ...(replacing ? ['orElse(carDoorZone, true)', "orElse(carDoorStatus, 'closed') == 'opened'"] : []),
      ),
      fc
        .tuple(tie('number'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('number'))
        .map(([left, op, right]) => `${left} ${op} ${right}`),
      fc
        .tuple(tie('truth'), fc.constantFrom('&&', '||'), tie('truth'))
        .map(([l, op, r]) => `(${l} ${op} ${r})`),
      tie('truth').map((inner) => `!(${inner})`),
      fc.tuple(tie('truth'), tie('truth'), tie('truth')).map(([t, y, n]) => `(${t} ? ${y} : ${n})`),
      fc.tuple(tie('number'), tie('number')).map(([from, to]) => `between(${from}, ${to})`),
    ),
  }))
}

/** Everything an expression can read, all of it known. */
export const world = fc.record({
  carSpeed: fc.constantFrom(-2, 0, 0.5, 2),
  carLoad: fc.constantFrom(0, 0.5, 20, 100),
  carDoorZone: fc.boolean(),
  carDoorStatus: fc.constantFrom('closed', 'opened', 'opening'),
  faultSignals: fc.constantFrom<readonly string[]>([], ['position-lost']),
  beforeLoad: fc.constantFrom(0, 0.5, 20),
  beforeSpeed: fc.constantFrom(0, 0.5, 2),
  occupied: fc.boolean(),
  ratedSpeed: fc.constantFrom(0.5, 1.75),
  fragile: fc.boolean(),
  now: fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) }),
  place: fc.constantFrom(
    { timeZone: 'Asia/Shanghai', latitude: 31.2, longitude: 121.5 },
    { timeZone: 'Europe/London', latitude: 51.5, longitude: 0 },
  ),
})
export type World = typeof world extends fc.Arbitrary<infer W> ? W : never
/** Names of what can be missing. */
export const facts = [
  'carSpeed',
  'carLoad',
  'carDoorZone',
  'carDoorStatus',
  'faultSignals',
  'beforeLoad',
  'beforeSpeed',
  'occupied',
  'ratedSpeed',
  'fragile',
  'now',
  'place',
] as const
export type Missing = ReadonlySet<keyof World>

/** The scope of a world. `stale`: missing values are too old rather than never reported; NaN in static facts. */
export function scopeOf(known: World, missing: Missing, stale: boolean): Scope {
  const has = (name: keyof World): boolean => !missing.has(name)
  const slots = fields.map((field): Value => (has(field) || stale ? known[field] : undefined))
  const before = (name: 'beforeLoad' | 'beforeSpeed'): Value => (has(name) ? known[name] : undefined)
  return {
    ...emptyScope(),
    type: 'elevator',
    slots,
    times: fields.map((field) => (has(field) ? 1000 : 0)),
    minTime: 500,
    reported: fields.map((field): Value => (has(field) ? known[field] : undefined)),
    previous: fields.map((field) =>
      field === 'carLoad' ? before('beforeLoad') : field === 'carSpeed' ? before('beforeSpeed') : undefined,
    ),
    signals: [has('occupied') ? known.occupied : undefined],
    meta: has('ratedSpeed') ? { ratedSpeed: known.ratedSpeed } : stale ? { ratedSpeed: Number.NaN } : {},
    home: has('fragile') ? { fragile: known.fragile, persons: 1, away: [] } : undefined,
    now: has('now') ? known.now : Number.NaN,
    location: has('place')
      ? createLocation(known.place)
      : stale
        ? createLocation({ timeZone: undefined, latitude: undefined, longitude: undefined })
        : undefined,
  }
}
